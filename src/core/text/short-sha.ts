/** Shortens a commit's sha as people read it. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
