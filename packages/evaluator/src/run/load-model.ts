import {
  type DatasetIndex,
  decodeSafetensors,
  type FileEntry,
  type PlannedRun,
  readVerified,
  type Store,
} from '@bakeoff/core';
import { createNetwork, type Network } from '@bakeoff/model';

/**
 * The run's network with its best weights, on the current engine.
 * @throws UserError if the file is missing, damaged or of another model
 */
export async function loadModel(
  run: PlannedRun,
  model: FileEntry,
  { imageShape, classes }: DatasetIndex,
  store: Store,
): Promise<Network> {
  const { tensors } = decodeSafetensors(await readVerified(store, model), model.key);
  const network = createNetwork(run.recipe.model, { imageShape, classes: classes.length });
  try {
    network.loadState(tensors, model.key);
  } catch (error) {
    network.dispose();
    throw error;
  }
  return network;
}
