// after: live.js
// Sound in the browser: the microphone, files, one's own voice again. Everything that leaves here
// is mono with RATE values a second; a browser reads and converts by itself what it can.

const RATE = 8000;
const LONGEST = 10; // s of a sound that is kept
const WORD = 1; // s that a network receives
const LEAST_LOUD = 0.012; // of full scale: quieter frames are no voice
const OVER_NOISE = 3; // a voice is so many times louder than the room
const FRAME = 0.02; // s of which the loudness is taken
const HUSH = 0.25; // s without a voice after which a word is over

const TAP = `registerProcessor("tap", class extends AudioWorkletProcessor {
  process([[values]]) { if (values) this.port.postMessage(values.slice()); return true; }
});`;

/** The microphone: keeps the last LONGEST seconds, and tells of each piece that comes. */
class Microphone {
  constructor(onPiece) {
    this.onPiece = onPiece;
  }

  /** Rejects with one sentence for the visitor. */
  async open(words) {
    if (!globalThis.isSecureContext) throw new Error(words.mic_https);
    this.wanted = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: {
        echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    } catch (error) {
      throw new Error(error.name === "NotAllowedError" ? words.mic_refused : words.no_mic);
    }
    if (!this.wanted) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    this.stream = stream;
    this.context = new AudioContext();
    this.rate = this.context.sampleRate;
    const url = URL.createObjectURL(new Blob([TAP], { type: "text/javascript" }));
    await this.context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    this.pieces = [];
    this.kept = 0;
    const tap = new AudioWorkletNode(this.context, "tap");
    tap.port.onmessage = ({ data }) => this.take(data);
    // What leads nowhere is not pulled; the tap itself puts out silence.
    this.context.createMediaStreamSource(stream).connect(tap).connect(this.context.destination);
    await this.context.resume();
  }

  take(piece) {
    this.pieces.push(piece);
    this.kept += piece.length;
    while (this.kept - this.pieces[0].length > LONGEST * this.rate) {
      this.kept -= this.pieces.shift().length;
    }
    this.onPiece?.(piece);
  }

  /** The last `seconds`, as the microphone gave them. */
  last(seconds) {
    const wanted = Math.min(Math.round(seconds * this.rate), this.kept);
    const values = new Float32Array(wanted);
    let at = wanted;
    for (let i = this.pieces.length - 1; at > 0; i -= 1) {
      const piece = this.pieces[i];
      const part = piece.subarray(Math.max(0, piece.length - at));
      at -= part.length;
      values.set(part, at);
    }
    return values;
  }

  close() {
    this.wanted = false;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context?.close();
    this.stream = this.context = null;
  }
}

/** Hears in pieces of sound when a word begins and when it is over. */
class Ear {
  constructor() {
    Object.assign(this, { rest: [], noise: 0.02, speaking: 0, silent: 0, level: 0 });
  }

  /** True when a word has just ended; `length` then says how many seconds ago it began. */
  hear(piece, rate) {
    this.rest.push(...piece);
    const size = Math.round(FRAME * rate);
    let ended = false;
    while (this.rest.length >= size) {
      const frame = this.rest.splice(0, size);
      this.level = Math.sqrt(frame.reduce((sum, value) => sum + value * value, 0) / size);
      ended = this.follow() || ended;
    }
    return ended;
  }

  follow() {
    const voice = this.level > Math.max(LEAST_LOUD, OVER_NOISE * this.noise);
    // The room's loudness falls at once and climbs slowly: a voice is no room.
    this.noise += (this.level - this.noise) * (this.level < this.noise ? 0.2 : 0.002);
    if (voice) {
      this.speaking += FRAME + this.silent;
      this.silent = 0;
      return false;
    }
    if (!this.speaking) return false;
    this.silent += FRAME;
    if (this.silent < HUSH) return false;
    this.length = this.speaking + this.silent + 0.1;
    const word = this.speaking > 0.08; // else it was a click
    this.speaking = this.silent = 0;
    return word;
  }
}

/** Values at another rate, at RATE; the browser filters them. */
async function atRate(values, rate) {
  const length = Math.max(1, Math.round((values.length * RATE) / rate));
  const context = new OfflineAudioContext(1, length, RATE);
  const buffer = context.createBuffer(1, Math.max(1, values.length), rate);
  buffer.copyToChannel(values, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}

/** A file's sound as the browser reads it; rejects if it cannot. */
async function decodedHere(file) {
  const context = new OfflineAudioContext(1, 1, RATE);
  const buffer = await context.decodeAudioData(await file.arrayBuffer());
  const mono = new Float32Array(Math.min(buffer.length, LONGEST * buffer.sampleRate));
  for (let channel = 0; channel < buffer.numberOfChannels; channel += 1) {
    const values = buffer.getChannelData(channel);
    for (let i = 0; i < mono.length; i += 1) mono[i] += values[i] / buffer.numberOfChannels;
  }
  const cut = buffer.duration > LONGEST;
  return { values: buffer.sampleRate === RATE ? mono : await atRate(mono, buffer.sampleRate), cut };
}

/** What the server reads if this browser cannot; rejects with one sentence. */
async function decodedThere(file, live, room, { lang, words }) {
  const query = new URLSearchParams({ kind: "sound", lang, rate: RATE, seconds: LONGEST });
  const { upload, told, error } = await fetch(`${live.base}live/upload?${query}`, {
    method: "POST", body: file, headers: { "X-Filename": encodeURIComponent(file.name) },
  }).then((reply) => reply.json()).catch(() => ({}));
  if (!upload) throw new Error(error ?? words.no_upload);
  const { sound } = await live.ask(room, "", "decoded", { heard: upload });
  return { values: fromText(sound), cut: told.cut };
}

function whole(values) {
  return Int16Array.from(values, (value) => Math.max(-1, Math.min(1, value)) * 32767);
}

/** What a question says of a sound. */
function asInput(values) {
  return { sound: toBase64(new Uint8Array(whole(values).buffer)) };
}

function fromText(base64) {
  return Float32Array.from(new Int16Array(toBytes(base64).buffer), (value) => value / 32768);
}

let speaker = null; // what is playing now

/** Play a sound; another one that plays stops. Returns when it is over. */
function play(values) {
  speaker?.close();
  const context = new AudioContext();
  speaker = context;
  const buffer = context.createBuffer(1, values.length, RATE);
  buffer.copyToChannel(values, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  source.start();
  return new Promise((over) => {
    source.onended = () => {
      if (speaker === context) {
        speaker = null;
        context.close();
      }
      over();
    };
  });
}

/** A WAV file of a sound. */
function wavFile(values) {
  const view = new DataView(new ArrayBuffer(44 + 2 * values.length));
  const text = (at, letters) => [...letters].forEach(
    (letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * values.length, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  [1, 1].forEach((value, i) => view.setUint16(20 + 2 * i, value, true));
  view.setUint32(24, RATE, true);
  view.setUint32(28, 2 * RATE, true);
  [2, 16].forEach((value, i) => view.setUint16(32 + 2 * i, value, true));
  text(36, "data");
  view.setUint32(40, 2 * values.length, true);
  whole(values).forEach((value, i) => view.setInt16(44 + 2 * i, value, true));
  return new Uint8Array(view.buffer);
}

/** The waveform: for each column from its lowest to its highest value. */
function drawWave(canvas, values, look) {
  const { width, height } = canvas;
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = css(look.accent);
  const most = values.reduce((high, value) => Math.max(high, Math.abs(value)), 0.02);
  for (let x = 0; x < width; x += 1) {
    const part = values.subarray(Math.floor((x * values.length) / width),
      Math.max(Math.floor(((x + 1) * values.length) / width), 1));
    const [low, high] = part.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [0, 0]);
    const top = (1 - high / most) * 0.5 * height;
    pen.fillRect(x, top, 1, Math.max(1, ((high - low) / most) * 0.5 * height));
  }
}
