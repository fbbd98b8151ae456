// Draw a signature: strokes as whole numbers in a box of 1000 by 1000, sent in a hidden field.
export function start() {
  const canvas = document.querySelector(".signature-pad");
  const field = document.getElementById(canvas.dataset.field);
  const pen = canvas.getContext("2d");
  // What was drawn before the page came back with a refusal is drawn again.
  const strokes = field.value ? JSON.parse(field.value) : [];
  let stroke = null;
  canvas.width = canvas.clientWidth;
  canvas.height = canvas.clientHeight;
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = (value, size) => Math.max(0, Math.min(1000, Math.round((value / size) * 1000)));
    return [scale(event.clientX - box.left, box.width), scale(event.clientY - box.top, box.height)];
  };
  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 3;
    pen.lineCap = "round";
    for (const one of strokes) {
      pen.beginPath();
      one.forEach(([x, y], index) => pen[index ? "lineTo" : "moveTo"]((x / 1000) * canvas.width, (y / 1000) * canvas.height));
      pen.stroke();
    }
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = [point(event)];
    strokes.push(stroke);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke && stroke.length < 500) { stroke.push(point(event)); draw(); }
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => { stroke = null; });
  draw();
  document.querySelector("[data-clear-signature]")?.addEventListener("click", () => { strokes.length = 0; draw(); });
}
