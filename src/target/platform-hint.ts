import { guessMachine } from './machine.ts';

/** Distributions that are built from the sources of Red Hat Enterprise Linux, with its version in front. */
const RED_HAT =
  /^(?:rhel|redhat|red-hat|centos|el|ol|oracle|oraclelinux|rocky|rockylinux|alma|almalinux)[-_ ]?(?:linux-?)?(\d)[.\d]*$/;

const CLOUDERA = /^(cdh|cdp)[-_ ]?(\d)[.\d]*$/;

const LEADS = /[-_](x86_64|x86-64|x64|amd64|aarch64|arm64|armv8)$/;

/**
 * The value of `--platform` that was most likely meant: `rhel7` for `RHEL7`, `centos7` and `el7.9`, `cdh5` for `cdh5.16`,
 * `rhel8-aarch64` for `rhel8-arm64`, `manylinux2014_x86_64` for `manylinux2014`. It may be unknown as well; see `isKnown`.
 *
 * @param isKnown whether `--platform` takes a value
 */
export function guessPlatform(given: string, isKnown: (value: string) => boolean): string | undefined {
  const lower = given.trim().toLowerCase();
  const suffix = LEADS.exec(lower);
  const base = suffix === null ? lower : lower.slice(0, suffix.index);
  const machine = suffix === null ? undefined : guessMachine(suffix[1] ?? '');
  const [, redHat] = RED_HAT.exec(base) ?? [];
  const [, cloudera, version] = CLOUDERA.exec(base) ?? [];
  const profile = redHat !== undefined ? `rhel${redHat}` : cloudera !== undefined ? `${cloudera}${version}` : base;
  const candidates = [
    machine === 'aarch64' ? `${profile}-aarch64` : profile,
    `${base.replaceAll('.', '_')}_${machine ?? 'x86_64'}`,
  ];
  // linux_x86_64 would exclude nearly every wheel that there is
  return candidates.find((value) => isKnown(value) && !value.startsWith('linux_'));
}
