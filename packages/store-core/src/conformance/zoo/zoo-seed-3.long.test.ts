import { zooOfSeed } from './zoo-of-seed';

zooOfSeed(3);
