// <avatar-cropper>: Cropper.js with a fixed square to move a picture under. Loaded when a picture is chosen.
//
// In:  the property `file`, and in the page a stage (.cropper), buttons [data-crop], a slider and previews.
// Out: `unreadable` when the browser cannot open the file, `heic` when that is why, `cropped` with the square as a Blob,
//      `outdated` when the library is not there (any more).

const LARGEST = 512; // what the server keeps; more pixels would only be sent
const CLOSEST = 8; // times the smallest zoom
const COVERAGE = 0.86; // of the shorter side of the stage
const STEP = 16; // pixels of one arrow key
const QUARTER = Math.PI / 2;

const markup = (address) => `<cropper-canvas background>
  <cropper-image src="${address}" scalable translatable initial-fit="none"></cropper-image>
  <cropper-shade></cropper-shade>
  <cropper-handle action="move" plain></cropper-handle>
  <cropper-selection id="crop-selection" aspect-ratio="1" outlined><cropper-handle action="move" plain></cropper-handle></cropper-selection>
</cropper-canvas>`;

// By the brands at its start: a telephone's pictures may have any name.
const isHeic = async (file) => /^.{4}ftyp.*(hei[cxms]|hev[cx]|mif1|msf1)/s.test(await file.slice(0, 64).text());

class AvatarCropper extends HTMLElement {
  #address;

  connectedCallback() {
    if (!this.stage) this.#build();
    // The page may have set it before this class was there.
    const { file } = this;
    delete this.file;
    if (file) this.file = file;
  }

  #build() {
    this.stage = this.querySelector(".cropper");
    this.slider = this.querySelector("[type=range]");
    this.previews = this.querySelectorAll(".previews__item");
    this.slider.addEventListener("input", () => this.#zoomTo(this.least * CLOSEST ** (this.slider.value / this.slider.max)));
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-crop]")?.dataset.crop));
    this.stage.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#layOut()).observe(this.stage);
  }

  get file() {
    return null;
  }

  set file(file) {
    URL.revokeObjectURL(this.#address);
    this.least = 0;
    // The previews first: they follow what happens on the stage.
    for (const shown of [...this.previews, this.stage]) shown.replaceChildren();
    this.#address = file && URL.createObjectURL(file);
    if (file) this.#open(file, this.#address);
  }

  // The browser tries first: the cropper and each preview would complain of what is no picture, or not there yet.
  async #open(file, address) {
    const picture = new Image();
    picture.src = address;
    const readable = await picture.decode().then(() => true, () => false);
    if (address !== this.#address) return;
    if (!readable) return this.dispatchEvent(new Event((await isHeic(file)) ? "heic" : "unreadable"));
    this.stage.innerHTML = markup(address);
    [this.image, this.selection] = ["image", "selection"].map((name) => this.stage.querySelector(`cropper-${name}`));
    this.image.addEventListener("transform", (event) => this.#onTransform(event));
    await this.image.$ready();
    if (address !== this.#address) return;
    for (const preview of this.previews) preview.innerHTML = '<cropper-viewer selection="#crop-selection"></cropper-viewer>';
    // What they show is said by the stage and the row of previews.
    const copies = [...this.previews].map((preview) => preview.firstChild.$image);
    for (const image of [this.image, ...copies]) image.$image.alt = "";
    this.#layOut(true);
  }

  // The square in the middle, and the picture covering it: anew, or as it was cut before the stage changed.
  #layOut(anew) {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !(anew || this.least)) return;
    const { naturalWidth, naturalHeight } = this.image.$image;
    const side = Math.round(Math.min(width, height) * COVERAGE);
    const before = this.square;
    this.square = { x: (width - side) / 2, y: (height - side) / 2, side };
    this.selection.$change(this.square.x, this.square.y, side, side);
    this.least = side / Math.min(naturalWidth, naturalHeight);
    const centre = [(width - naturalWidth) / 2, (height - naturalHeight) / 2];
    if (anew) return this.#set([this.least, 0, 0, this.least, ...centre]);
    const grown = side / before.side;
    const [a, b, c, d, e, f] = this.image.$getTransform();
    const [x, y] = this.#middle(before);
    const [newX, newY] = this.#middle(this.square);
    this.#set([a * grown, b * grown, c * grown, d * grown, (e - x) * grown + newX, (f - y) * grown + newY]);
  }

  // Where the picture's own middle must be moved to lie in the middle of a square.
  #middle({ x, y, side }) {
    const { naturalWidth, naturalHeight } = this.image.$image;
    return [x + (side - naturalWidth) / 2, y + (side - naturalHeight) / 2];
  }

  // The nearest position in which the picture covers the square; it turns by quarters, so its box is exact.
  #covering([a, b, c, d, e, f]) {
    const { naturalWidth: width, naturalHeight: height } = this.image.$image;
    const zoom = Math.hypot(a, b);
    const fit = Math.min(Math.max(zoom, this.least), this.least * CLOSEST) / zoom;
    [a, b, c, d] = [a, b, c, d].map((value) => value * fit);
    const [middleX, middleY] = this.#middle(this.square);
    const spare = (extent) => Math.max(0, (extent - this.square.side) / 2);
    const clamp = (value, middle, room) => Math.min(Math.max(value, middle - room), middle + room);
    e = clamp(e, middleX, spare(Math.abs(a) * width + Math.abs(c) * height));
    f = clamp(f, middleY, spare(Math.abs(b) * width + Math.abs(d) * height));
    return [a, b, c, d, e, f];
  }

  #onTransform(event) {
    if (!this.least) return;
    const wanted = event.detail.matrix;
    const allowed = this.#covering(wanted);
    if (wanted.some((value, index) => Math.abs(value - allowed[index]) > 1e-6)) {
      event.preventDefault();
      this.image.$setTransform(...allowed);
    } else {
      const zoom = Math.hypot(wanted[0], wanted[1]) / this.least;
      this.slider.value = (Math.log(zoom) / Math.log(CLOSEST)) * this.slider.max;
    }
  }

  #set(matrix) {
    this.image.$setTransform(...matrix);
  }

  #zoomTo(zoom) {
    if (!this.least) return;
    const [a, b, c, d, e, f] = this.image.$getTransform();
    const grown = Math.min(Math.max(zoom, this.least), this.least * CLOSEST) / Math.hypot(a, b);
    const [x, y] = this.#middle(this.square);
    this.#set([a * grown, b * grown, c * grown, d * grown, (e - x) * grown + x, (f - y) * grown + y]);
  }

  #turn(angle) {
    const [a, b, c, d, e, f] = this.image.$getTransform();
    const [cos, sin] = [Math.round(Math.cos(angle)), Math.round(Math.sin(angle))];
    const [x, y] = this.#middle(this.square);
    const [fromX, fromY] = [e - x, f - y];
    this.#set([
      cos * a - sin * b, sin * a + cos * b, cos * c - sin * d, sin * c + cos * d,
      cos * fromX - sin * fromY + x, sin * fromX + cos * fromY + y,
    ]);
  }

  #act(action) {
    if (!this.least) return;
    const zoom = Math.hypot(...this.image.$getTransform().slice(0, 2));
    const acts = {
      "zoom-in": () => this.#zoomTo(zoom * 1.2),
      "zoom-out": () => this.#zoomTo(zoom / 1.2),
      "rotate-left": () => this.#turn(-QUARTER),
      "rotate-right": () => this.#turn(QUARTER),
      reset: () => this.#layOut(true),
      use: () => this.#use(),
    };
    acts[action]?.();
  }

  #onKey(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const acts = { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", "[": "rotate-left", "]": "rotate-right", 0: "reset" };
    if (event.ctrlKey || event.metaKey || event.altKey || !this.least) return;
    if (moves[event.key]) {
      const [x, y] = moves[event.key].map((direction) => direction * (event.shiftKey ? 1 : STEP));
      this.image.$move(x, y);
    } else if (acts[event.key]) this.#act(acts[event.key]);
    else return;
    event.preventDefault();
  }

  async #use() {
    const zoom = Math.hypot(...this.image.$getTransform().slice(0, 2));
    const side = Math.min(LARGEST, Math.max(1, Math.round(this.square.side / zoom)));
    const canvas = await this.selection.$toCanvas({ width: side, height: side });
    // Browsers that cannot write WebP write PNG instead.
    canvas.toBlob((blob) => {
      this.dispatchEvent(blob ? new CustomEvent("cropped", { detail: blob }) : new Event("unreadable"));
    }, "image/webp", 0.92);
  }
}

const cropper = document.querySelector("avatar-cropper");
try {
  await import(cropper.dataset.library);
  customElements.define("avatar-cropper", AvatarCropper);
} catch {
  // Nothing is tried again before the page is.
  cropper.dataset.script = "";
  cropper.dispatchEvent(new Event("outdated"));
}
