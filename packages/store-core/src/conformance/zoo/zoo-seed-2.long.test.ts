import { zooOfSeed } from './zoo-of-seed';

zooOfSeed(2);
