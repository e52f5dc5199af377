import { parsePipLog } from '../pip/pip-log.ts';

/**
 * The line that tells why a build failed: how the build's own traceback or a compiler ended tells more than pip's summary, "failed to
 * build". Empty when there is none.
 *
 * @param log pip's `--log` of the build
 */
export function tellingLine(log: string): string {
  const [ofBuild = ''] = log.split('Exception information:');
  const lines = ofBuild.split('\n').map((line) => line.replace(/^\S+T\S+\s+/, '').trim());
  return (
    lines.findLast((line) => /^[\w.]*(?:Error|Exception)\b/.test(line)) ??
    lines.findLast((line) => /^(?:\S+:\d+.*\b)?error: |^error in .+ setup command: /.test(line)) ??
    parsePipLog(log).errors[0] ??
    ''
  );
}
