/** Where the script of the first worker is. The build puts the script itself in place of this, so that nothing need be fetched. */
export const workerScript = 'worker.js'
