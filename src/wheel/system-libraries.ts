import type { ClaimedSystem } from './claimed-system.ts';

/**
 * Who is expected to bring a library that is not in any wheel.
 *
 * `system`: every Linux that the policy is for has it.
 * `often-absent`: wheels may expect it, yet many servers lack it.
 * `python`: the interpreter itself, when it was built with a shared library.
 * `driver`: it comes with the driver of a GPU.
 * `extra`: nobody; somebody has to install it.
 */
export type Origin = 'system' | 'often-absent' | 'python' | 'driver' | 'extra';

/** Parts of glibc, and of what every distribution builds its own programs with: in all manylinux policies (PEP 513, 571, 599, 600). */
const ALWAYS: ReadonlySet<string> = new Set([
  'libanl.so.1',
  'libc.so.6',
  'libdl.so.2',
  'libgcc_s.so.1',
  'libm.so.6',
  'libpthread.so.0',
  'libresolv.so.2',
  'librt.so.1',
  'libstdc++.so.6',
  'libutil.so.1',
  'libz.so.1',
]);

/** In later policies only; the first glibc (17 stands for 2.17) of the systems that have them. */
const SINCE: ReadonlyMap<string, number> = new Map([
  ['libexpat.so.1', 12],
  ['libmvec.so.1', 22],
]);

/** Up to this glibc part of every system; a package of its own after that (libnsl from RHEL 8 on, libcrypt from RHEL 9 on). */
const UNTIL: ReadonlyMap<string, number> = new Map([
  ['libcrypt.so.1', 28],
  ['libnsl.so.1', 27],
]);

/** In the policies, too; but servers without a desktop lack them, and nothing else pulls in libatomic. */
const OFTEN_ABSENT: ReadonlySet<string> = new Set([
  'libGL.so.1',
  'libICE.so.6',
  'libSM.so.6',
  'libX11.so.6',
  'libXext.so.6',
  'libXrender.so.1',
  'libatomic.so.1',
  'libglib-2.0.so.0',
  'libgobject-2.0.so.0',
  'libgthread-2.0.so.0',
]);

const DRIVER = /^lib(?:cuda|nvidia-ml|nvcuvid|nvidia-encode)\.so\.\d+$/;
const PYTHON = /^libpython\d[\d.]*[a-z]*\.so(?:\.\d+)*$/;
/** The loader itself, which glibc brings: `ld-linux-x86-64.so.2`. */
const LOADER = /^ld-linux-[\w-]+\.so\.\d+$/;
/** A wheel for musl expects musl and zlib (PEP 656, auditwheel's policy for it). */
const MUSL = /^(?:libc\.musl-\w+\.so\.1|ld-musl-\w+\.so\.1|libc\.so)$/;

/** @param library as in DT_NEEDED */
export function originOf(library: string, system: Pick<ClaimedSystem, 'glibc' | 'isMusl'>): Origin {
  if (system.isMusl && MUSL.test(library)) return 'system';
  if (PYTHON.test(library)) return 'python';
  if (DRIVER.test(library)) return 'driver';
  if (OFTEN_ABSENT.has(library)) return 'often-absent';
  const { glibc } = system;
  const until = UNTIL.get(library);
  if (until !== undefined) return glibc !== undefined && glibc <= until ? 'system' : 'often-absent';
  const since = SINCE.get(library);
  if (since !== undefined) return glibc === undefined || glibc >= since ? 'system' : 'extra';
  return ALWAYS.has(library) || LOADER.test(library) ? 'system' : 'extra';
}
