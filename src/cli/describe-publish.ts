import type { Manifest } from '../env/manifest.ts';
import { type JobDisk, savingOfTar } from '../publish/job-cost.ts';
import type { PublishResult } from '../publish/publish.ts';
import type { Release } from '../publish/release.ts';
import { formatBytes, formatFiles, formatNumberOf, formatSeconds, quoteForShell } from './format.ts';

/** What a publish did, in one line. */
export function describeResult(result: PublishResult, address: string, seconds: number): string {
  const { number, release } = result.current;
  const count = (files: number): string =>
    release.layout === 'tree' ? formatFiles(files) : formatNumberOf(files, 'archive');
  if (result.kind === 'already-published') {
    const same = `Already published: release ${number} of ${address} holds the same ${formatFiles(release.fileCount)}.`;
    if (result.uploadedFiles === 0) return `${same} Nothing was uploaded.`;
    // archives have shared names: what this run sent may be what the other release names
    const fate = release.layout === 'tree' ? 'are not used' : 'are shared with it where they are equal';
    return `${same} Another publisher was faster; the ${count(result.uploadedFiles)} that this run sent ${fate}.`;
  }
  const sent = `${count(result.uploadedFiles)}, ${formatBytes(result.uploadedBytes)} uploaded and verified in ${formatSeconds(seconds)}`;
  const reused = result.reusedFiles === 0 ? '' : `; ${count(result.reusedFiles)} were there already`;
  return `Published release ${number} of ${address}: ${sent}${reused}.`;
}

/** Where a release's files lie, for JSON. */
export function describePlacement(environment: string, release: Release): object {
  if (release.layout === 'tree') return { layout: 'tree', tree: `${environment}/${release.tree}` };
  return { layout: 'tar', layers: release.layers.map(({ path }) => `${environment}/${path}`) };
}

/** What a job needs on the disks of its machines. */
export function describeDisk({ layout }: Release, { perProcess, perMachine }: JobDisk): string {
  const [what, shared] = layout === 'tree' ? ['', 'files'] : [' (archives and files)', 'archives'];
  return `A job needs ${formatBytes(perProcess)} of local disk for its driver and for each executor${what}, and ${formatBytes(perMachine)} once more on each machine with executors, which share the ${shared} there.`;
}

/** What `--layout tar` would save for an environment that was published as a tree. */
export function describeSaving(manifest: Manifest): string {
  const { files, archives, startSeconds, startSecondsPerMillisecond } = savingOfTar(manifest);
  const sooner = startSeconds < 0.05 ? 'as fast' : `about ${formatSeconds(startSeconds)} sooner`;
  const latency =
    startSecondsPerMillisecond < 0.05
      ? ''
      : `, and ${formatSeconds(startSecondsPerMillisecond)} more for every millisecond of latency to the NameNode`;
  return `With --layout tar: ${formatNumberOf(archives, 'archive')} instead of ${formatFiles(files)} to upload, later only those of changed packages; jobs start ${sooner}${latency}.`;
}

/** The line a user pastes; the bootstrap by its immutable path, because YARN refuses a primary file that changes. */
export function sparkSubmitLine(environment: string, bootstrap: string, python: string): string {
  const minor = python.split('.').slice(0, 2).join('.');
  return `PYSPARK_PYTHON=python${minor} spark-submit ${quoteForShell(`${environment}/${bootstrap}`)} ${quoteForShell(environment)} my_module arg1 arg2`;
}
