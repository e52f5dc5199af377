import { findHostPython, type HostPython } from './host-python.ts';
import { type Pip, providePip } from './private-pip.ts';
import type { PipOptions } from './private-pip.ts';
import type { Target } from '../../target/target.ts';

/** What runs pip: an interpreter of this machine, and the pip that it runs. */
export interface PipEngine {
  readonly python: HostPython;
  readonly pip: Pip;
}

/** Prepared at the first call, and then kept: a build whose lock fits and whose wheels are all there needs no Python at all. */
export type ProvideEngine = () => Promise<PipEngine>;

/** @throws HdfsVenvError the codes of `findHostPython` and `providePip`, when it is called */
export function pipEngine(
  target: Target,
  python: string | undefined,
  options: Omit<PipOptions, 'python'>,
): ProvideEngine {
  const prepare = async (): Promise<PipEngine> => {
    const host = await findHostPython(python);
    return { python: host, pip: await providePip(target, { ...options, python: host }) };
  };
  let engine: Promise<PipEngine> | undefined;
  return () => (engine ??= prepare());
}
