/** Everything that makes writing an entry pleasant, beside what Wagtail's editor does itself. */

import { keepCopies } from "./autosave.js";
import { keepBeginnings } from "./beginnings.js";
import { keepWhatIsDeleted } from "./deleting.js";
import { keepFocus } from "./focus.js";
import { endNames } from "./labels.js";
import { chooseNearby } from "./links.js";
import { offerCopies } from "./restoring.js";
import { listenForPastes } from "./paste.js";
import { listenForPictures } from "./pictures.js";
import { sendSafely } from "./sending.js";
import { listenForUndo } from "./undoing.js";
import { showWhatFillsItself } from "./itself.js";
import { writeTitle } from "./title.js";

const form = document.querySelector("form[data-edit-form]");

if (form) {
  chooseNearby();
  listenForPictures();
  listenForUndo(form);
  listenForPastes();
  keepBeginnings();
  keepWhatIsDeleted();
  keepCopies(form);
  offerCopies(form);
  sendSafely(form);
  showWhatFillsItself(form);
  keepFocus(form);
  endNames(form);
  writeTitle(form);
}
