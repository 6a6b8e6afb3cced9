// <avatar-camera>: a photo from the camera, in a dialog. Loaded when one is to be taken.
//
// In:  the property `on`, and in the page a <video> and a button [data-take].
// Out: `taken` with the photo as a File, `refused` when the browser gives no camera.

const SIDE = 1280; // wished for; what the camera has is taken

class AvatarCamera extends HTMLElement {
  #stream;

  connectedCallback() {
    this.video = this.querySelector("video");
    this.querySelector("[data-take]").addEventListener("click", () => this.#take());
    // The page may have set it before this class was there.
    const { on } = this;
    delete this.on;
    this.on = on;
  }

  get on() {
    return this.wanted;
  }

  set on(wanted) {
    this.wanted = Boolean(wanted);
    if (this.wanted) this.#start();
    else this.#stop();
  }

  async #start() {
    const wish = { video: { facingMode: "user", width: { ideal: SIDE }, height: { ideal: SIDE } } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wish);
      this.#stop();
      this.#stream = stream;
      // The dialog may have been closed while the person was asked.
      if (!this.wanted) return this.#stop();
      this.video.srcObject = stream;
      await this.video.play();
    } catch {
      this.#stop();
      if (this.wanted) this.dispatchEvent(new Event("refused"));
    }
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = this.video.srcObject = null;
  }

  #take() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    canvas.toBlob((blob) => {
      const detail = blob && new File([blob], "photo.jpg", { type: "image/jpeg" });
      this.dispatchEvent(detail ? new CustomEvent("taken", { detail }) : new Event("refused"));
    }, "image/jpeg", 0.95);
  }
}

customElements.define("avatar-camera", AvatarCamera);
