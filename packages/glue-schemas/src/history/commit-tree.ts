import { posix } from 'node:path';
import { type FileTree, isListed } from '../file-tree.ts';
import type { GitObjects } from './git-objects.ts';
import { withLineFeeds } from './line-ends.ts';

/** The files of a folder in a commit. Texts have line feeds only. */
export interface CommitTree extends FileTree {
  /** The listed files by path. */
  files(): Promise<ReadonlyMap<string, Entry>>;
}

interface Entry {
  /** Of the bytes. Those of a link are the path of its target. */
  readonly id: string;
  readonly kind: 'file' | 'link' | 'folder';
}

type Folder = ReadonlyMap<string, Entry>;

/** How many folders are kept in memory; folders that no commit changed are read once. */
const maxFolders = 10_000;

export function createCommitTrees(objects: GitObjects) {
  const folders = new Map<string, Promise<Folder>>();
  const texts = new Map<string, Promise<string>>();

  return {
    /**
     * The files of a folder in a commit.
     *
     * @param root the path of the folder in the repository, with slashes
     */
    treeOf(commit: string, root: string): CommitTree {
      const top = `${commit}^{tree}`;
      let files: Promise<ReadonlyMap<string, Entry>> | undefined;
      const listed = () => {
        files ??= filesIn(top, root);
        return files;
      };
      return {
        async read(path) {
          const known = (await listed()).get(path);
          const id = known?.kind === 'file' ? known.id : await fileAt(top, posix.join(root, path));
          return id === undefined ? undefined : await textOf(id);
        },
        list: async () => [...(await listed()).keys()],
        files: listed,
      };
    },
  };

  async function filesIn(top: string, root: string): Promise<ReadonlyMap<string, Entry>> {
    const files = new Map<string, Entry>();
    const start = root === '' ? { id: top, kind: 'folder' } : await entryAt(top, root);
    if (start?.kind === 'folder') await addFiles(start.id, '');
    return files;

    async function addFiles(id: string, folder: string): Promise<void> {
      for (const [name, entry] of await folderOf(id)) {
        const path = folder + name;
        if (entry.kind !== 'folder') files.set(path, entry);
        else if (isListed(`${path}/`)) await addFiles(entry.id, `${path}/`);
      }
    }
  }

  async function entryAt(top: string, path: string): Promise<Entry | undefined> {
    let entry: Entry | undefined = { id: top, kind: 'folder' };
    for (const name of path.split('/')) {
      if (entry?.kind !== 'folder') return undefined;
      entry = (await folderOf(entry.id)).get(name);
    }
    return entry;
  }

  /** The id of a file, through symbolic links within the repository. */
  async function fileAt(top: string, path: string, links = 0): Promise<string | undefined> {
    const names = path.split('/');
    let id = top;
    for (const [i, name] of names.entries()) {
      const entry = (await folderOf(id)).get(name);
      const rest = names.slice(i + 1);
      if (entry?.kind === 'link') {
        const target = await textOf(entry.id);
        const next = posix.join(...names.slice(0, i), target, ...rest);
        if (links > 40 || posix.isAbsolute(target)) return undefined;
        return await fileAt(top, next, links + 1);
      }
      if (entry === undefined) return undefined;
      if (entry.kind === 'file') return rest.length === 0 ? entry.id : undefined;
      id = entry.id;
    }
    return undefined;
  }

  /** A byte order mark is not part of the text. Bytes that are not UTF-8 give a text that no format accepts. */
  function textOf(id: string): Promise<string> {
    const known = texts.get(id);
    if (known) return known;
    const text = objects.read(id).then((object) => withLineFeeds(decode(object?.bytes)));
    texts.set(id, text);
    return text;
  }

  function folderOf(id: string): Promise<Folder> {
    const known = folders.get(id);
    if (known) return known;
    const folder = objects.read(id).then((object) => parseFolder(object?.bytes, id));
    if (folders.size >= maxFolders) folders.clear();
    folders.set(id, folder);
    return folder;
  }
}

function decode(bytes: Buffer = Buffer.alloc(0)): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // As in the files of the working tree, no part of such a file counts as a schema.
    return `\uFFFD${new TextDecoder().decode(bytes)}`;
  }
}

/** The entries of a tree object: `<mode> <name>`, a zero byte, and the bytes of the id. */
function parseFolder(bytes: Buffer = Buffer.alloc(0), name: string): Folder {
  const idLength = name.replace(/\^.*/, '').length / 2;
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const [mode = '', ...words] = bytes.toString('utf8', at, end).split(' ');
    const id = bytes.toString('hex', end + 1, end + 1 + idLength);
    const kind = kinds[mode];
    if (kind !== undefined) entries.set(words.join(' '), { id, kind });
    at = end + 1 + idLength;
  }
  return entries;
}

/** Commits of other repositories (mode 160000) hold no file of this one. */
const kinds: Readonly<Record<string, Entry['kind']>> = {
  '40000': 'folder',
  '100644': 'file',
  '100664': 'file',
  '100755': 'file',
  '120000': 'link',
};
