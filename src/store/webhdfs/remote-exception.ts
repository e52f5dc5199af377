import { z } from 'zod';

/** What Hadoop says when it refuses: `{"RemoteException":{"exception":…,"javaClassName":…,"message":…}}`. */
export interface RemoteException {
  /** A Java class without package: `AccessControlException`. */
  readonly exception: string;
  /** One line, without the Java stack that DataNodes append. */
  readonly message: string;
}

const answer = z.object({
  RemoteException: z.object({ exception: z.string(), message: z.string().nullish() }),
});

/** Classes that say nothing themselves; what they carry is named in their message. */
const WRAPPERS = new Set([
  'Exception',
  'IOException',
  'RemoteException',
  'RetriableException',
  'RuntimeException',
  'ServiceException',
  'ServletException',
  'UndeclaredThrowableException',
  'WebApplicationException',
  'ContainerException',
]);

/** `java.net.ConnectException`, `…SecretManager$InvalidToken`: a class with its package. */
const CLASS_IN_MESSAGE = /\b(?:[a-z]\w*\.)+(?:\w+\$)?(InvalidToken|[A-Z]\w*Exception)\b/g;

/** Reads the body of an answer; `undefined` when it is not Hadoop's. */
export function parseRemoteException(body: string): RemoteException | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { data } = answer.safeParse(json);
  if (data === undefined) return undefined;
  const { exception, message } = data.RemoteException;
  return { exception, message: cutStack(message ?? '') };
}

/** The name of the exception that matters: a wrapper's content where its message names one. */
export function significantException({ exception, message }: RemoteException): string {
  if (!WRAPPERS.has(exception)) return exception;
  const named = [...message.matchAll(CLASS_IN_MESSAGE)].map((match) => match[1] ?? '');
  return named.find((name) => !WRAPPERS.has(name)) ?? exception;
}

function cutStack(message: string): string {
  return message
    .replace(/\n\s*at [^]*$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
