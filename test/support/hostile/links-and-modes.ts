import { type HostileWheel, withEntry, withMore } from './hostile-wheel.ts';

function link(name: string, target: string): HostileWheel['wheel'] {
  return withMore({ name, data: Buffer.from(target), mode: 0o120777 });
}

const MODES: readonly (readonly [code: string, what: string, mode: number])[] = [
  ['WHEEL_MODE_SPECIAL', 'a FIFO', 0o010644],
  ['WHEEL_MODE_SPECIAL', 'a block device', 0o060644],
  ['WHEEL_MODE_SPECIAL', 'a character device', 0o020644],
  ['WHEEL_MODE_SPECIAL', 'a socket', 0o140644],
  ['WHEEL_MODE_SPECIAL', 'a type that does not exist', 0o170644],
  ['WHEEL_MODE_SPECIAL', 'a directory by mode, a file by name', 0o040755],
  ['WHEEL_MODE_SETUID', 'set-user-ID', 0o104755],
  ['WHEEL_MODE_SETUID', 'set-group-ID', 0o102755],
  ['WHEEL_MODE_SETUID', 'sticky', 0o101755],
  ['WHEEL_MODE_SETUID', 'set-user-ID without a type', 0o004755],
];

export const linksAndModes: readonly HostileWheel[] = [
  { code: 'WHEEL_MODE_SYMLINK', what: 'an absolute symbolic link', wheel: link('risk/passwd', '/etc/passwd') },
  { code: 'WHEEL_MODE_SYMLINK', what: 'a relative symbolic link', wheel: link('risk/up', '../../..') },
  { code: 'WHEEL_MODE_SYMLINK', what: 'a symbolic link to itself', wheel: link('risk/loop', 'loop') },
  {
    code: 'WHEEL_MODE_SYMLINK',
    what: 'a loop of two symbolic links',
    wheel: withMore(
      { name: 'risk/a', data: Buffer.from('b'), mode: 0o120777 },
      { name: 'risk/b', data: Buffer.from('a'), mode: 0o120777 },
    ),
  },
  {
    code: 'WHEEL_MODE_SYMLINK',
    what: 'a symbolic link by the attributes of another system',
    wheel: withMore({ name: 'risk/x', data: Buffer.from('/etc'), mode: 0o120777, createSystem: 0 }),
  },
  {
    code: 'WHEEL_MODE_SYMLINK',
    what: 'a symbolic link that is called a directory',
    wheel: withMore({ name: 'risk/d/', data: Buffer.alloc(0), mode: 0o120777 }),
  },
  {
    code: 'WHEEL_NAME_CLASH',
    what: 'a file through a symbolic link',
    wheel: withMore(
      { name: 'risk/d', data: Buffer.from('/tmp'), mode: 0o120777 },
      { name: 'risk/d/x', data: Buffer.from('x') },
    ),
  },
  {
    code: 'WHEEL_MODE_SPECIAL',
    what: 'a file by mode, a directory by name',
    wheel: withMore({ name: 'risk/d/', data: Buffer.alloc(0), mode: 0o100644 }),
  },
  ...[
    ['a directory by attribute', 0x10],
    ['a volume label', 0x08],
    ['a volume label that is a directory', 0x18],
  ].map(([what, attributes]) => ({
    code: 'WHEEL_MODE_SPECIAL',
    what: `${what}, a file by name`,
    wheel: withEntry((entry) => ({ ...entry, attributes: Number(attributes) })),
  })),
  {
    code: 'WHEEL_MODE_SPECIAL',
    what: 'a volume label, a directory by name',
    wheel: withMore({ name: 'risk/d/', data: Buffer.alloc(0), method: 0, mode: 0o40755, attributes: 0x18 }),
  },
  ...MODES.map(([code, what, mode]) => ({ code, what, wheel: withEntry((entry) => ({ ...entry, mode })) })),
];
