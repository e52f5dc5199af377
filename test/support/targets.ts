import * as fc from 'fast-check';
import { parseTarget, type SystemOptions, type Target } from '../../src/target/target.ts';

const PYTHONS = ['2.7', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

const machine = fc.constantFrom('x86_64', 'aarch64');

function system(): fc.Arbitrary<SystemOptions & { readonly arch?: string }> {
  return fc.oneof(
    fc.constantFrom('rhel6', 'rhel7', 'rhel8-aarch64', 'cdh5', 'cdp7').map((profile) => ({ platform: [profile] })),
    fc.tuple(machine, fc.integer({ min: 17, max: 45 })).map(([arch, minor]) => ({ arch, glibc: `2.${minor}` })),
    fc
      .tuple(machine, fc.integer({ min: 0, max: 3 }))
      .map(([arch, minor]) => ({ platform: [`musllinux_1_${minor}_${arch}`] })),
    machine.map((arch) => ({ platform: [`linux_${arch}`] })),
  );
}

/** Any target that the options can say. */
export function anyTarget(): fc.Arbitrary<Target> {
  const python = fc
    .tuple(fc.constantFrom(...PYTHONS), fc.option(fc.nat({ max: 30 })))
    .map(([minor, patch]) => (patch === null ? minor : `${minor}.${patch}`));
  return fc.tuple(python, fc.boolean(), system()).map(([version, unusual, where]) => {
    const abi = version.startsWith('2')
      ? 'cp27m'
      : /^3\.1[34]/.test(version)
        ? `cp3${version.slice(2, 4)}t`
        : undefined;
    return parseTarget({ python: version, ...where, ...(unusual && abi !== undefined ? { abi } : {}) });
  });
}
