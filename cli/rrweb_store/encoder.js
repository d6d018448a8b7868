// encoder.js: pictures -> frames of VP8, by the browser's own encoder, for cli/rrweb_store/video.py
// In:  film.start(width, height), film.add(JPEG as base64, moment in ms, whether it is a key frame), film.end()
// Out: start: whether the browser can; add and end: [[moment in ms, whether it is a key frame, frame as base64], …]
// Source: https://www.w3.org/TR/webcodecs/#videoencoder-interface
(() => {
  let encoder;
  let failure;
  let ready = [];

  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

  function base64Of(bytes) {
    let binary = '';
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(binary);
  }

  function output(chunk) {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    ready.push([chunk.timestamp / 1000, chunk.type === 'key', base64Of(bytes)]);
  }

  function taken() {
    if (failure) throw failure;
    const frames = ready;
    ready = [];
    return frames;
  }

  window.film = {
    async start(width, height) {
      const config = { codec: 'vp8', width, height, bitrate: Math.max(1_000_000, 2 * width * height) };
      const known = window.VideoEncoder && (await VideoEncoder.isConfigSupported(config));
      if (!known?.supported) return false;
      encoder = new VideoEncoder({ output, error: (error) => (failure = error) });
      encoder.configure(config);
      return true;
    },
    async add(picture, atMs, keyFrame) {
      const bitmap = await createImageBitmap(new Blob([bytesOf(picture)], { type: 'image/jpeg' }));
      const frame = new VideoFrame(bitmap, { timestamp: atMs * 1000 });
      encoder.encode(frame, { keyFrame });
      frame.close();
      bitmap.close();
      return taken();
    },
    async end() {
      await encoder.flush();
      encoder.close();
      return taken();
    },
  };
})();
