/** What was claimed, what was seen, and whether the one still follows from the other. */
export interface Claim {
  readonly claim: string;
  readonly seen: string;
  readonly holds: boolean;
}

/** Prints the claims; the process exits with 1 when one of them does not hold. */
export function reportClaims(claims: readonly Claim[]): void {
  for (const { claim, seen, holds } of claims)
    console.log(`${holds ? 'holds' : 'DOES NOT HOLD'}  ${claim}\n       ${seen}`);
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1;
}
