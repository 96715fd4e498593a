"""The views of the admin that were proven to show and change nothing of other weblogs.

The leak suite (`tests/leaks`) calls each of them as every role. A view that isn't here is closed,
so one that a new version of Wagtail adds stays closed until somebody proves it.
"""

# For everybody, signed in or not.
SIGNING_IN = """
wagtailadmin_login wagtailadmin_logout wagtailadmin_password_reset wagtailadmin_password_reset_done
wagtailadmin_password_reset_confirm wagtailadmin_password_reset_complete
wagtailadmin_javascript_catalog wagtailadmin_sprite accept_invitation
"""
# For everybody who is signed in, whether they belong to a weblog or not.
ONES_OWN = "delete_account writing_session wagtailadmin_account"
FRAME = """
wagtailadmin_home wagtailadmin_dismissibles wagtailadmin_block_preview
wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete
wagtailadmin_editing_sessions:ping wagtailadmin_editing_sessions:release
"""
PAGES = """
wagtailadmin_explore wagtailadmin_explore_results wagtailadmin_explore_root
wagtailadmin_pages:add wagtailadmin_pages:add_subpage wagtailadmin_pages:edit
wagtailadmin_pages:delete wagtailadmin_pages:unpublish wagtailadmin_pages:copy
wagtailadmin_pages:move wagtailadmin_pages:move_confirm
wagtailadmin_pages:preview_on_add wagtailadmin_pages:preview_on_edit
wagtailadmin_pages:view_draft wagtailadmin_pages:history wagtailadmin_pages:history_results
wagtailadmin_pages:revisions_index wagtailadmin_pages:revisions_view
wagtailadmin_pages:revisions_revert wagtailadmin_pages:revisions_compare
wagtailadmin_pages:revisions_unschedule
wagtailadmin_pages:lock wagtailadmin_pages:unlock wagtailadmin_pages:usage
wagtailadmin_pages:search wagtailadmin_pages:search_results
wagtailadmin_pages:workflow_action wagtailadmin_pages:collect_workflow_action_data
wagtailadmin_pages:confirm_workflow_cancellation wagtailadmin_pages:workflow_history
wagtailadmin_pages:workflow_history_detail wagtailadmin_pages:workflow_preview
wagtailadmin_choose_page wagtailadmin_choose_page_child wagtailadmin_choose_page_search
wagtailadmin_choose_page_chosen_multiple wagtailadmin_choose_page_external_link
wagtailadmin_choose_page_email_link wagtailadmin_choose_page_phone_link
wagtailadmin_choose_page_anchor_link
wagtailadmin_api:pages:listing wagtailadmin_api:pages:detail
paste_blocks restore_text restore_new_text
"""
FILES = """
wagtailimages:index wagtailimages:index_results wagtailimages:add wagtailimages:edit
delete_picture wagtailimages:add_multiple wagtailimages:edit_multiple
delete_uploaded_picture wagtailimages:image_usage
wagtailimages_chooser:choose wagtailimages_chooser:choose_results wagtailimages_chooser:chosen
wagtailimages_chooser:chosen_multiple wagtailimages_chooser:create
wagtailimages_chooser:select_format
wagtaildocs:index wagtaildocs:index_results wagtaildocs:add wagtaildocs:edit delete_document
wagtaildocs:add_multiple wagtaildocs:edit_multiple delete_uploaded_document
wagtaildocs:document_usage
wagtaildocs_chooser:choose wagtaildocs_chooser:choose_results wagtaildocs_chooser:chosen
wagtaildocs_chooser:chosen_multiple wagtaildocs_chooser:create
"""
BULK = "wagtail_bulk_action"
BULK_MODELS = {("pages", "basepage"), ("library", "picture"), ("library", "document")}
OURS = """
people address weblog_state trash trashed_picture erase_versions
tags tag delete_tag authors author delete_author
"""

OPEN = frozenset(SIGNING_IN.split())
OF_ANY_ACCOUNT = frozenset(ONES_OWN.split())
PROVEN = frozenset(" ".join([SIGNING_IN, ONES_OWN, FRAME, PAGES, FILES, BULK, OURS]).split())
