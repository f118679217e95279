// Starts Python and the client side by side, and joins them when both are there.
//
// The client (Flutter, on this thread) calls jsConnect, jsSend and jsDisconnect when it wants to
// talk to Python; Python runs in worker.js and is started here at once, not when the client asks.
"use strict";
(() => {
  const config = JSON.parse(document.getElementById("slipway").textContent);
  const base = new URL(".", document.baseURI);
  const at = (path) => new URL(path, base).href;

  // ---- What the client reads -------------------------------------------------------------
  globalThis.flet = {
    pyodide: true,
    multiView: false,
    noCdn: true,
    webSocketEndpoint: "/ws",
    routeUrlStrategy: config.routeUrlStrategy,
    entrypointBaseUrl: base.pathname,
    assetBase: base.pathname,
    webRenderer: config.renderer,
    pyodideUrl: at("pyodide/pyodide.mjs"),
    appPackageUrl: config.archive,
  };

  // ---- Loading screen: bytes that have arrived, then the last steps -------------------------
  const TAIL = 0.15; // the share of the bar for what happens after the last byte
  const total = Object.values(config.sizes).reduce((sum, size) => sum + size, 0);
  const arrived = new Set();
  let tail = 0;

  function showProgress() {
    const bar = document.querySelector("#loading progress");
    if (!bar) return;
    let bytes = 0;
    for (const path of arrived) bytes += config.sizes[path] || 0;
    bar.value = Math.max(bar.value, (bytes / total) * (1 - TAIL) + tail * TAIL);
  }

  function noteArrival(url) {
    const path = url.split(/[?#]/)[0];
    for (const known of Object.keys(config.sizes)) if (path === at(known)) arrived.add(known);
    showProgress();
  }

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) noteArrival(entry.name);
  }).observe({ type: "resource", buffered: true });

  function hideLoading() {
    const screen = document.getElementById("loading");
    if (!screen) return;
    screen.classList.add("over");
    setTimeout(() => screen.remove(), 250);
  }

  function tellFailure() {
    const text = document.querySelector("#loading span");
    if (text) text.textContent = config.failed;
    document.querySelector("#loading progress")?.remove();
  }

  // ---- Python -------------------------------------------------------------------------------
  const early = []; // what Python said before the client listened
  let listener = null;
  let said = 0;
  // The first message answers the client, the second brings the app's first page. Two frames: one
  // to lay it out, one to paint it.
  function noteMessage() {
    said += 1;
    if (said === 2) requestAnimationFrame(() => requestAnimationFrame(hideLoading));
  }
  const worker = new Worker(at("slipway/worker.js"), { type: "module" });
  const pythonReady = new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message || "Python could not be started."));
    worker.onmessage = ({ data }) => {
      if (data instanceof Uint8Array) {
        if (listener) listener(data);
        else early.push(data);
        noteMessage();
      } else if (data.arrived) noteArrival(data.arrived);
      else if (data.step) { tail = data.step; showProgress(); }
      else if (data.ready) resolve();
      else if (data.failed) reject(new Error(data.failed));
    };
  });
  pythonReady.catch(() => {}); // told to the client when it connects
  worker.postMessage({
    start: {
      pyodide: at("pyodide/"),
      archive: at(config.archive),
      module: config.module,
      page: document.URL,
    },
  });

  globalThis.jsConnect = async (_app, _args, onMessage) => {
    try {
      await pythonReady;
    } catch (error) {
      hideLoading();
      throw error.message; // the client shows this text
    }
    listener = onMessage;
    for (const message of early.splice(0)) onMessage(message);
  };

  globalThis.jsSend = async (_app, data) => worker.postMessage(data, [data.buffer]);

  globalThis.jsDisconnect = async () => worker.terminate();

  // ---- Fonts ----------------------------------------------------------------------------------
  // The client asks for a Noto font when a text needs a glyph that no loaded font has, and asks
  // again at every frame until it gets one. So it always gets one: a packed font, the real one
  // from the network where that is allowed, else the site's own font, which draws a box.
  const NOTO = "https://fonts.gstatic.com/s/";
  const pageFetch = globalThis.fetch.bind(globalThis);
  const given = new Set();
  let networkFonts = config.networkFonts;

  // Fonts that the site has only packed with gzip. Some servers unpack such files on their own.
  const packedFonts = new Set(config.packedFonts.map(at));

  async function unpacked(url) {
    const response = await pageFetch(url);
    if (!response.ok || response.headers.get("content-encoding")) return response;
    return new Response(response.body.pipeThrough(new DecompressionStream("gzip")));
  }

  // The client takes a new font in without drawing anew: the text would stay a row of boxes until
  // something else moves. A resize makes it draw.
  let redraw = 0;
  function drawAgain() {
    clearTimeout(redraw);
    redraw = setTimeout(() => dispatchEvent(new Event("resize")), 300);
  }

  async function notoFont(url) {
    const family = url.slice(NOTO.length).split("/")[0];
    const packed = config.fonts[family];
    if (packed && !given.has(packed)) {
      given.add(packed); // once: the client asks for a large script in a hundred parts
      return pageFetch(at(packed));
    }
    if (!packed && networkFonts) {
      try {
        const response = await pageFetch(url);
        if (response.ok) return response;
      } catch {
        networkFonts = false; // no network: do not knock a hundred times
      }
    }
    return pageFetch(at("assets/fonts/roboto.woff2"));
  }

  globalThis.fetch = (resource, options) => {
    const url = new URL(resource.url || resource, base).href; // the client asks for mere paths
    if (url.startsWith(NOTO)) return notoFont(url).finally(drawAgain);
    return packedFonts.has(url) ? unpacked(url + ".gz") : pageFetch(resource, options);
  };

  // ---- The client -------------------------------------------------------------------------------
  const clientConfig = {
    multiViewEnabled: false,
    entrypointBaseUrl: base.pathname,
    assetBase: base.pathname,
    canvasKitBaseUrl: at("canvaskit/"),
    fontFallbackBaseUrl: NOTO,
  };
  if (config.renderer !== "auto") clientConfig.renderer = config.renderer;

  function startClient() {
    _flutter.buildConfig = config.buildConfig;
    const started = _flutter.loader.load({
      config: clientConfig,
      onEntrypointLoaded: async (initializer) => {
        const engine = await initializer.initializeEngine(clientConfig);
        globalThis.flet.flutterApp = await engine.runApp();
      },
    });
    Promise.resolve(started).catch((error) => {
      console.error(error);
      tellFailure();
    });
  }

  document.querySelector("base").insertAdjacentHTML(
    "afterend",
    config.preload.map((p) => `<link rel="preload" as="script" href="${at(p)}">`).join(""),
  );
  const loader = document.createElement("script");
  loader.src = at("flutter.js");
  loader.onload = startClient;
  loader.onerror = tellFailure;
  document.head.append(loader);

  // Safari brings a page back from its cache with a frozen client; only a fresh start helps. The
  // app's state is in the page and gone with it, so this is done in Safari alone.
  addEventListener("pageshow", (event) => {
    if (event.persisted && (navigator.vendor || "").startsWith("Apple")) location.reload();
  });
})();
