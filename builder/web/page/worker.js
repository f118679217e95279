// Runs the app's Python: loads the runtime and the app's archive at the same time, unpacks, starts.
//
// Python finds its way to the page through the module `flet_js`: flet's own connection class puts
// `start_connection` and `send` there, and reads `args` and `documentUrl`.
const bridge = { args: {}, documentUrl: "" };
const waiting = []; // messages of the client from before Python listens

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) self.postMessage({ arrived: entry.name });
}).observe({ type: "resource", buffered: true });

self.onmessage = ({ data }) => {
  if (data.start) run(data.start);
  else if (bridge.send) bridge.send(data);
  else waiting.push(data);
};

const workerFetch = self.fetch.bind(self);

// A file that the site has only packed with gzip. Some servers unpack such files on their own.
async function unpacked(url) {
  const response = await workerFetch(url);
  if (!response.ok) throw new Error(`The app could not be loaded: ${url} answers ${response.status}.`);
  const already = response.headers.get("content-encoding");
  const stream = already ? response.body : response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream);
}

function sendToPage(message) {
  const bytes = message.toJs(); // a fresh copy, so its buffer can be handed over
  self.postMessage(bytes, [bytes.buffer]);
}

async function run({ pyodide, archive, module, page }) {
  const stdlib = pyodide + "python_stdlib.zip";
  try {
    const archiveBytes = unpacked(archive).then((response) => response.arrayBuffer());
    archiveBytes.catch(() => {}); // awaited below; not "unhandled" until then
    // One stream packs a third better than a zip does file by file, and Pyodide asks for the zip.
    self.fetch = (resource, options) => {
      const url = String(resource.url || resource);
      return url === stdlib ? unpacked(stdlib + ".gz") : workerFetch(resource, options);
    };
    const { loadPyodide } = await import(pyodide + "pyodide.mjs");
    const python = await loadPyodide({
      stdout: (text) => console.log(text),
      stderr: (text) => console.error(text),
    });
    self.postMessage({ step: 0.3 });
    bridge.documentUrl = page;
    python.registerJsModule("flet_js", bridge);
    // Not Pyodide's own unpackArchive: it leaves out every file with two dots in a row in its name.
    python.globals.set("app_archive", new Uint8Array(await archiveBytes));
    python.runPython(`
import io, zipfile
with zipfile.ZipFile(io.BytesIO(app_archive.to_bytes())) as archive:
    archive.extractall()
del app_archive, archive
`);
    self.postMessage({ step: 0.6 });
    python.globals.set("app_module", module);
    await python.runPythonAsync(`
import os, runpy, sys
sys.path[:0] = [os.getcwd(), os.path.join(os.getcwd(), "__pypackages__")]
try:
    runpy.run_module(app_module, run_name="__main__")
except SystemExit as stop:
    if stop.code not in (None, 0):
        raise
`);
    if (typeof bridge.start_connection !== "function") {
      // The client knows this prefix and shows the text calmly, not as a crash.
      throw new Error("__flet_no_ui__:The script ended without showing a page. " +
        "Its last line should be ft.run(main).");
    }
    await bridge.start_connection(sendToPage);
    self.postMessage({ ready: true });
    for (const message of waiting.splice(0)) bridge.send(message);
  } catch (error) {
    console.error(error);
    self.postMessage({ failed: String(error.message || error) });
  }
}
