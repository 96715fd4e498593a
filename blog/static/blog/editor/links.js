/** Links in a text: where the search for a page begins. */

import { settings } from "./server.js";

/**
 * Let the link button open at the page's own weblog, among pages of any kind.
 *
 * Wagtail 8.0.1 asks for those of its own model, which isn't there where WAGTAIL_PAGE_MODEL names another.
 */
export function chooseNearby() {
  const source = window.draftail?.LinkModalWorkflowSource.prototype;
  if (!source) return;
  const { getChooserConfig } = source;
  source.getChooserConfig = function (...args) {
    const config = getChooserConfig.apply(this, args);
    delete config.urlParams.page_type;
    if (config.url === this.props.entityType.chooserUrls.pageChooser) config.url = settings.pages;
    return config;
  };
}
