import type { Action, Source } from './exceptions.ts';
import { Failure } from './failure.ts';
import { TransportError, transportError } from './http.ts';
import { type Endpoint, showEndpoint } from './options.ts';

const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE))/;

/** TLS spoken to a plain port, or plain HTTP to something else. */
const WRONG_PROTOCOL = /^(HPE_|EPROTO$|ERR_SSL_)/;

/**
 * What a request without a whole answer means. A `Failure`, and what is no error of the network, pass through.
 * @param isKnown whether this run has had a proper answer from a NameNode before
 */
export function failureOfTransport(thrown: unknown, source: Source, endpoint: Endpoint, isKnown = true): unknown {
  if (thrown instanceof Failure) return thrown;
  const error = thrown instanceof TransportError ? thrown : transportErrorOf(thrown);
  if (!(error instanceof TransportError)) return error;
  return new Failure({
    action: actionOf(error, source, isKnown),
    source,
    server: showEndpoint(endpoint),
    reason: `${error.message} (${error.code})`,
    isBeforeRequest: error.phase === 'connect',
    cause: error,
  });
}

/** Streams of answers throw errors of sockets as they are. */
function transportErrorOf(thrown: unknown): unknown {
  const isOfSocket = thrown instanceof Error && 'code' in thrown && /^(E[A-Z]+|HPE_\w+)$/.test(String(thrown.code));
  return isOfSocket ? transportError(thrown, 'exchange') : thrown;
}

function actionOf({ code, phase }: TransportError, source: Source, isKnown: boolean): Action {
  if (CERTIFICATE.test(code)) return 'certificate';
  if (WRONG_PROTOCOL.test(code) && !isKnown) return 'not-webhdfs';
  if (source === 'DataNode') return phase === 'connect' ? 'exclude' : 'resend';
  return phase === 'connect' && !isKnown ? 'unreachable' : 'fail-over';
}
