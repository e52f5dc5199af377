import type { Platform } from './platform.ts';
import type { PythonVersion } from './python-version.ts';

/**
 * The values of the environment markers (PEP 508) that `packaging` computes on CPython of this version on this platform.
 *
 * Python 2.7 has no `sys.implementation`, so its name is empty and its version 0, and `sys.platform` is `linux2`.
 * `platform_release` is a bare kernel version although the system's own goes on (`-1160.el7.x86_64`): a marker that
 * compares it as a version must not make pip stop at something that is none.
 */
export function markerEnvironment(version: PythonVersion, platform: Platform): Record<string, string> {
  const isPython2 = version.major === 2;
  return {
    implementation_name: isPython2 ? '' : 'cpython',
    implementation_version: isPython2 ? '0' : version.full,
    os_name: 'posix',
    platform_machine: platform.machine,
    platform_python_implementation: 'CPython',
    platform_release: platform.kernel,
    platform_system: 'Linux',
    platform_version: '#1 SMP',
    python_full_version: version.full,
    python_version: `${version.major}.${version.minor}`,
    sys_platform: isPython2 ? 'linux2' : 'linux',
  };
}
