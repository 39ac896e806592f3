/** How a new file is named that is to be the counterpart of a volume: as that one, where it is a file. */
export function counterpartName(source: string): string {
  const name = source.replace(/^.*\//, '');
  return name === '' ? 'replica.img' : source.startsWith('/dev/') ? `${name}.img` : name;
}
