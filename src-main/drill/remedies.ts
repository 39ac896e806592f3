/** What to do about what a drill meets, in the words of the host that plays it: options here, a button there. */
export interface DrillRemedies {
  /** The folder holds something, is none, or its parent is not there. */
  emptyFolder: string;
  writableFolder: string;
  moreSpace: string;
  /** A proof does not hold. */
  brokenProof: string;
  brokenAudit: string;
  /** Something that no drill should meet. */
  unexpected: string;
}
