/** Which of the kernel's file system types are networks, and which hold nothing that a person stored. */

const networkTypes: ReadonlySet<string> = new Set([
  '9p',
  'afs',
  'beegfs',
  'ceph',
  'cifs',
  'coda',
  'davfs',
  'fuse',
  'glusterfs',
  'gpfs',
  'lustre',
  'ncpfs',
  'nfs',
  'nfs4',
  'orangefs',
  'smb3',
  'smbfs',
  'virtiofs',
]);

const pseudoTypes: ReadonlySet<string> = new Set([
  'autofs',
  'binfmt_misc',
  'bpf',
  'cgroup',
  'cgroup2',
  'configfs',
  'cpuset',
  'debugfs',
  'devpts',
  'devtmpfs',
  'efivarfs',
  'fuse.gvfsd-fuse',
  'fuse.lxcfs',
  'fuse.portal',
  'fusectl',
  'hugetlbfs',
  'mqueue',
  'nsfs',
  'proc',
  'pstore',
  'ramfs',
  'resctrl',
  'rpc_pipefs',
  'securityfs',
  'selinuxfs',
  'sysfs',
  'tmpfs',
  'tracefs',
]);

/** Those of them whose "files" are doors into the kernel; device nodes may lie on the others, and files in memory. */
const kernelTypes: ReadonlySet<string> = new Set(
  [...pseudoTypes].filter((type) => !['devtmpfs', 'tmpfs', 'ramfs', 'hugetlbfs'].includes(type)),
);

/** Whether its bytes lie on another machine. Any FUSE server counts, but not `fuseblk`, which serves a local device. */
export function isNetworkType(type: string): boolean {
  return networkTypes.has(type) || (type.startsWith('fuse.') && !pseudoTypes.has(type));
}

/** Whether it is of no interest as a place for volumes: the kernel's own, or memory. */
export function isPseudoType(type: string): boolean {
  return pseudoTypes.has(type);
}

/** Whether its regular files are doors into the kernel (/proc/kcore), which can never be volumes. */
export function isKernelType(type: string): boolean {
  return kernelTypes.has(type);
}
