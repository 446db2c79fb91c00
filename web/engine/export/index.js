export { toOnnx } from './onnx.js'
export { toPyTorch } from './pytorch.js'
