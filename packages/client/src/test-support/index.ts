export { describeInBrowser } from './describe-in-browser';
export type { OpenPage, WatchedPage } from './describe-in-browser';
