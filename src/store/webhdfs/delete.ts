import type { WebHdfsClient } from './client.ts';
import { Failure } from './failure.ts';
import { booleanAnswer, getStatus } from './questions.ts';

/**
 * Deletes a file, or a directory with all it holds; past the trash. When an answer is lost, it is repeated only if a look
 * shows that the name is still there.
 *
 * @param path on HDFS, absolute
 * @returns false when nothing was there
 */
export async function deleteTree(client: WebHdfsClient, path: string): Promise<boolean> {
  const retries = client.retries();
  for (;;) {
    try {
      const { boolean } = await retries.run(() =>
        client.askFor(
          { method: 'DELETE', op: 'DELETE', path, query: { recursive: 'true' }, isUnrepeatable: true },
          booleanAnswer,
        ),
      );
      return boolean;
    } catch (error) {
      if (!(error instanceof Failure) || error.action !== 'lost') throw error;
      await retries.after(error);
      if ((await retries.run(() => getStatus(client, path))) === undefined) return true;
    }
  }
}
