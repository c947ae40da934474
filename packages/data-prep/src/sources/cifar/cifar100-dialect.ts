import type { CifarDialect } from './cifar-dialect.ts';

const COARSE =
  'aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices household_furniture ' +
  'insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes ' +
  'large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees ' +
  'vehicles_1 vehicles_2';

const FINE =
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle ' +
  'caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant ' +
  'flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree ' +
  'motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate ' +
  'poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider ' +
  'squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle ' +
  'wardrobe whale willow_tree wolf woman worm';

/** The labels that can be used: the archive's coarse_label_names.txt and fine_label_names.txt, in their order. */
export const CIFAR100_CLASSES = { coarse: COARSE.split(' '), fine: FINE.split(' ') } as const;

/**
 * Krizhevsky 2009, the binary version as its author offers it; MD5 03b5dce01913d631647c71ecec9e9cb8. Each record has
 * two labels. An archive at hand may have any number of records.
 */
export function cifar100Dialect(labels: keyof typeof CIFAR100_CLASSES): CifarDialect {
  return {
    name: 'CIFAR-100',
    official: {
      url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
      fileName: 'cifar-100-binary.tar.gz',
      bytes: 168_513_733,
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    },
    trainingFiles: ['train.bin'],
    testFile: 'test.bin',
    fileImages: null,
    labels: [
      { name: 'coarse label', classes: CIFAR100_CLASSES.coarse.length },
      { name: 'fine label', classes: CIFAR100_CLASSES.fine.length },
    ],
    label: labels === 'coarse' ? 0 : 1,
    classes: CIFAR100_CLASSES[labels],
    advice:
      'use the binary version of CIFAR-100 (cifar-100-binary.tar.gz with train.bin and test.bin, records of 3,074 bytes); replace a damaged copy',
    others: { 'data_batch_1.bin': 'cifar10' },
  };
}
