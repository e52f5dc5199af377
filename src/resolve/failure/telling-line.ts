import { parsePipLog } from '../pip/pip-log.ts';

/**
 * The line that tells why a build failed: how the build's own traceback or a compiler ended tells more than pip's summary, "failed to
 * build". Empty when there is none.
 *
 * @param log pip's `--log` of the build
 */
export function tellingLine(log: string): string {
  const tool = missingTool(log);
  if (tool !== undefined) return `there is no ${tool}`;
  const lines = linesOf(log);
  return (
    lines.findLast((line) => /^[\w.]*(?:Error|Exception)\b/.test(line)) ??
    lines.findLast((line) => /^(?:\S+:\d+.*\b)?error: |^error in .+ setup command: /.test(line)) ??
    parsePipLog(log).errors[0] ??
    ''
  );
}

/** A build requirement that is not to be had, `setuptools>=40.8.0`. */
export function missingTool(log: string): string | undefined {
  const said = linesOf(log).map((line) => /^ERROR: No matching distribution found for (.+)$/.exec(line)?.[1]);
  return said.find((tool) => tool !== undefined);
}

/** Up to the exception of pip itself, without times. */
function linesOf(log: string): string[] {
  const [ofBuild = ''] = log.split('Exception information:');
  return ofBuild.split('\n').map((line) => line.replace(/^\S+T\S+\s+/, '').trim());
}
