import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../support/cache.ts';

/**
 * The answer to a question that is asked once a day: an index changes from one day to the next.
 * @param question whatever decides the answer, as JSON
 * @param ask gives the answer, as JSON
 */
export async function remembered<Answer>(question: unknown, ask: () => Promise<Answer>): Promise<Answer> {
  const today = new Date().toISOString().slice(0, '2026-11-21'.length);
  const digest = createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 24);
  const path = join(cacheDirectory('differential', 'answers', today), `${digest}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')).answer;
  const answer = await ask();
  writeFileSync(`${path}.${process.pid}`, JSON.stringify({ question, answer }, undefined, 1));
  renameSync(`${path}.${process.pid}`, path);
  return answer;
}
