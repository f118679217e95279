// Runs compile.py in Pyodide under Node: node compile.mjs PYODIDE-FOLDER COMPILE.PY REQUEST.JSON
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [pyodideFolder, script, requestFile] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(pyodideFolder + "/pyodide.mjs"));
const python = await loadPyodide({ indexURL: pyodideFolder + "/", stdout: console.log });
const request = JSON.parse(readFileSync(requestFile, "utf8"));

// Folders of this computer under names of our own: a Windows path means nothing inside Pyodide.
let mounted = 0;
function mount(folder) {
  const point = `/mounted${mounted++}`;
  python.FS.mkdir(point);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, point);
  return point;
}
for (const tree of [...request.trees, ...(request.stdlib ? [request.stdlib] : [])]) {
  tree.source = mount(tree.source);
  tree.output = mount(tree.output);
}
python.FS.writeFile("/request.json", JSON.stringify(request));
python.runPython(readFileSync(script, "utf8"));
