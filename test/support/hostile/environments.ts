import type { WheelOptions } from '../wheel-maker.ts';
import { FILES, type HostileWheel, named } from './hostile-wheel.ts';

const other = (files: Record<string, string>): WheelOptions => ({ name: 'other', version: '2.0', files });

/** Wheels that are right each, but cannot be taken into an environment, or not beside another one. */
const cases: readonly HostileWheel[] = [
  {
    code: 'ENV_CONFLICT',
    what: 'two wheels, one path, other content',
    wheel: { files: FILES },
    beside: other({ 'risk/data.txt': 'other' }),
  },
  {
    code: 'ENV_CONFLICT',
    what: 'two wheels, one path, through .data',
    wheel: { files: FILES },
    beside: other({ 'other-2.0.data/data/risk/data.txt': 'other' }),
  },
  {
    code: 'ENV_DUPLICATE_PATH',
    what: 'one wheel, one path, through .data',
    wheel: named('risk-1.0.data/purelib/risk/data.txt'),
  },
  {
    code: 'ENV_FILE_AND_DIRECTORY',
    what: 'a file in one wheel, a directory in another',
    wheel: { files: FILES },
    beside: other({ risk: 'a file' }),
  },
  ...[
    'sitecustomize.py',
    'usercustomize.py',
    'sitecustomize/__init__.py',
    'risk-1.0.data/purelib/sitecustomize.py',
  ].map((name) => ({ code: 'ENV_START_UP_FILE', what: name, wheel: named(name) })),
  ...['json.py', 'json/__init__.py', 'risk-1.0.data/platlib/re.py'].map((name) => ({
    code: 'ENV_STANDARD_LIBRARY',
    what: `a module that hides one of the standard library: ${name}`,
    wheel: named(name),
  })),
  {
    code: 'ENV_RESERVED_NAME',
    what: "our own metadata's name: activate_env.py",
    wheel: named('activate_env.py'),
  },
];

export const environments: readonly HostileWheel[] = cases.map((one) => ({ ...one, refusedWhen: 'built' }));
