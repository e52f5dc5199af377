/** `scheme://user:password@host`, and a token that stands alone before the `@`. The part itself holds no `/`, `?` or `#`. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s<>]*@/gi;

/**
 * The same with a `/`, `?` or `#` in the password, which nobody has encoded: no valid URL, but programs print it when they say so. A port, which
 * is a number, and a path with an `@` are none.
 */
const UNENCODED_USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s<>@:]*:(?!\d+[/?#])[^\s<>@]*@/gi;

/** Values of query parameters that open something: delegation tokens, signatures of object stores, tokens of registries. */
const SECRET_PARAMETER =
  /([?&;](?:delegation|token|access_token|private_token|api_key|apikey|password|passwd|secret|sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token)=)[^&;#\s'"<>]*/gi;

/**
 * The text with every password, token and signature in a URL replaced by `***`, wherever in the text the URLs stand.
 * What another program printed goes through here before it is shown, written or compared.
 */
export function maskSecrets(text: string): string {
  return text
    .replaceAll(USER_INFO, '$1***@')
    .replaceAll(UNENCODED_USER_INFO, '$1***@')
    .replaceAll(SECRET_PARAMETER, '$1***');
}
