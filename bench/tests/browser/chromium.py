"""A headless Chromium, driven by its DevTools protocol: pages are opened, looked
at by scripts, and used with mouse and keys as a person would.

Source: https://chromedevtools.github.io/devtools-protocol/"""
import json
import pathlib
import subprocess
import tempfile
import time

import websocket

PATIENCE_S = 60


class Chromium:
    """One browser with one tab, in a profile of its own.  `errors` has what the
    console said and what no script caught, `requests` all that was asked for
    besides the page itself."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
             "--remote-allow-origins=*", "--disable-dev-shm-usage",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port, path = self._address()
        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}{path}", timeout=PATIENCE_S)
        self.count, self.session = 0, None
        self.errors, self.requests, self.loaded = [], [], False
        target = next(t for t in self.call("Target.getTargets")["targetInfos"]
                      if t["type"] == "page")
        self.session = self.call("Target.attachToTarget",
                                 targetId=target["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _address(self):
        file = pathlib.Path(self.profile.name, "DevToolsActivePort")
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise SystemExit("chromium ended at once")
            if file.exists() and file.read_text().count("\n") == 1:
                return file.read_text().split("\n")
            time.sleep(0.05)
        raise SystemExit("chromium did not say where it listens")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(10)
        except Exception:
            self.process.kill()
            self.process.wait()
        self.profile.cleanup()

    def _heard(self, message):
        method, about = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.errors.append(about["exceptionDetails"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.errors.append(f"console.{about['type']}")
        elif method == "Log.entryAdded":
            self.errors.append(about["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = about["request"]["url"]
            if url != self.url and not url.startswith("data:"):
                self.requests.append(url[:200])
        elif method == "Page.loadEventFired":
            self.loaded = True

    def call(self, method, **params):
        self.count += 1
        wanted = {"id": self.count, "method": method, "params": params}
        if self.session:
            wanted["sessionId"] = self.session
        self.socket.send(json.dumps(wanted))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.count:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._heard(message)

    def open(self, path):
        self.url = pathlib.Path(path).resolve().as_uri()
        self.errors, self.requests, self.loaded = [], [], False
        self.call("Page.navigate", url=self.url)
        while not self.loaded:
            self._heard(json.loads(self.socket.recv()))

    def run(self, script):
        """The value of the expression, or of what it promises, as JSON has
        it."""
        result = self.call("Runtime.evaluate", expression=script,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def settle(self):
        """Waits for the next frame but one: what has scrolled has been heard."""
        self.run("new Promise((done) => requestAnimationFrame(() => "
                 "requestAnimationFrame(done)))")

    def look(self, width, height=900, dark=False, media=""):
        """As a window of that size, of somebody who likes it dark or not."""
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])

    def mouse(self, x, y, click=False):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased") if click else ():
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", clickCount=1)

    def key(self, name, code):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name,
                      windowsVirtualKeyCode=code)
