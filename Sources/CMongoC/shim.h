#ifndef REPORT_OPERATOR_CMONGOC_SHIM_H
#define REPORT_OPERATOR_CMONGOC_SHIM_H

#include <mongoc/mongoc.h>

// Documents cross this border as bytes: a bson_t is 128 aligned bytes that Swift need not know of. Each wrapper lays
// one over borrowed bytes for the time of its call. Length 0 stands for no document at all.

// A document that the library allocated; freed with bson_free.
typedef struct {
    uint8_t *data;
    uint32_t length;
} cmongoc_document;

static inline const bson_t *cmongoc_borrow(bson_t *document, const uint8_t *data, size_t length) {
    return length != 0 && bson_init_static(document, data, length) ? document : NULL;
}

static inline void cmongoc_steal(bson_t *reply, cmongoc_document *out) {
    out->data = bson_destroy_with_steal(reply, true, &out->length);
}

static inline const char *cmongoc_message(const bson_error_t *error) {
    return error->message;
}

static inline bool cmongoc_command(
    mongoc_client_t *client, const char *database, const uint8_t *command, size_t command_length, cmongoc_document *out,
    bson_error_t *error) {
    bson_t command_view, reply;
    bool is_done = mongoc_client_command_with_opts(
        client, database, cmongoc_borrow(&command_view, command, command_length), NULL, NULL, &reply, error);
    cmongoc_steal(&reply, out);
    return is_done;
}

// The server is the judge of keys and nesting, so the library is told not to look: it knows older rules.

static inline bool cmongoc_bulk_insert(
    mongoc_bulk_operation_t *bulk, const uint8_t *document, size_t document_length, bson_error_t *error) {
    bson_t document_view, options = BSON_INITIALIZER;
    BSON_APPEND_BOOL(&options, "validate", false);
    bool is_done = mongoc_bulk_operation_insert_with_opts(
        bulk, cmongoc_borrow(&document_view, document, document_length), &options, error);
    bson_destroy(&options);
    return is_done;
}

static inline bool cmongoc_bulk_update_one(
    mongoc_bulk_operation_t *bulk, const uint8_t *filter, size_t filter_length, const uint8_t *update,
    size_t update_length, bool is_upsert, bson_error_t *error) {
    bson_t filter_view, update_view, options = BSON_INITIALIZER;
    BSON_APPEND_BOOL(&options, "validate", false);
    BSON_APPEND_BOOL(&options, "upsert", is_upsert);
    bool is_done = mongoc_bulk_operation_update_one_with_opts(
        bulk, cmongoc_borrow(&filter_view, filter, filter_length), cmongoc_borrow(&update_view, update, update_length),
        &options, error);
    bson_destroy(&options);
    return is_done;
}

static inline bool cmongoc_bulk_delete_one(
    mongoc_bulk_operation_t *bulk, const uint8_t *filter, size_t filter_length, bson_error_t *error) {
    bson_t filter_view;
    return mongoc_bulk_operation_remove_one_with_opts(
        bulk, cmongoc_borrow(&filter_view, filter, filter_length), NULL, error);
}

static inline mongoc_bulk_operation_t *cmongoc_bulk_create(
    mongoc_collection_t *collection, const uint8_t *options, size_t options_length) {
    bson_t options_view;
    return mongoc_collection_create_bulk_operation_with_opts(
        collection, cmongoc_borrow(&options_view, options, options_length));
}

// 0 is failure.
static inline uint32_t cmongoc_bulk_execute(
    mongoc_bulk_operation_t *bulk, cmongoc_document *out, bson_error_t *error) {
    bson_t reply;
    uint32_t server = mongoc_bulk_operation_execute(bulk, &reply, error);
    cmongoc_steal(&reply, out);
    return server;
}

static inline mongoc_cursor_t *cmongoc_find(
    mongoc_collection_t *collection, const uint8_t *filter, size_t filter_length, const uint8_t *options,
    size_t options_length) {
    bson_t filter_view, options_view;
    return mongoc_collection_find_with_opts(
        collection, cmongoc_borrow(&filter_view, filter, filter_length),
        cmongoc_borrow(&options_view, options, options_length), NULL);
}

// The document is the cursor's until its next step.
static inline bool cmongoc_cursor_next(mongoc_cursor_t *cursor, const uint8_t **data, uint32_t *length) {
    const bson_t *document;
    if (!mongoc_cursor_next(cursor, &document)) {
        return false;
    }
    *data = bson_get_data(document);
    *length = document->len;
    return true;
}

// Whether there is an error. Its reply, which carries the labels, is the cursor's.
static inline bool cmongoc_cursor_error(
    mongoc_cursor_t *cursor, bson_error_t *error, const uint8_t **data, uint32_t *length) {
    const bson_t *reply = NULL;
    bool is_error = mongoc_cursor_error_document(cursor, error, &reply);
    *data = reply ? bson_get_data(reply) : NULL;
    *length = reply ? reply->len : 0;
    return is_error;
}

// The stream resumes by itself after what may pass; it needs the collection no more.
static inline mongoc_change_stream_t *cmongoc_watch(
    mongoc_collection_t *collection, const uint8_t *pipeline, size_t pipeline_length, const uint8_t *options,
    size_t options_length) {
    bson_t pipeline_view, options_view;
    return mongoc_collection_watch(
        collection, cmongoc_borrow(&pipeline_view, pipeline, pipeline_length),
        cmongoc_borrow(&options_view, options, options_length));
}

// As cmongoc_watch, of all collections of a database.
static inline mongoc_change_stream_t *cmongoc_watch_database(
    mongoc_client_t *client, const char *name, const uint8_t *pipeline, size_t pipeline_length,
    const uint8_t *options, size_t options_length) {
    bson_t pipeline_view, options_view;
    mongoc_database_t *database = mongoc_client_get_database(client, name);
    mongoc_change_stream_t *stream = mongoc_database_watch(
        database, cmongoc_borrow(&pipeline_view, pipeline, pipeline_length),
        cmongoc_borrow(&options_view, options, options_length));
    mongoc_database_destroy(database);
    return stream;
}

// Whether the server has said how far the stream is read. The token is the stream's until its next step.
static inline bool cmongoc_change_token(mongoc_change_stream_t *stream, const uint8_t **data, uint32_t *length) {
    const bson_t *token = mongoc_change_stream_get_resume_token(stream);
    *data = token ? bson_get_data(token) : NULL;
    *length = token ? token->len : 0;
    return token != NULL;
}

// False where there is none yet, or an error. The document is the stream's until its next step.
static inline bool cmongoc_change_next(mongoc_change_stream_t *stream, const uint8_t **data, uint32_t *length) {
    const bson_t *document;
    if (!mongoc_change_stream_next(stream, &document)) {
        return false;
    }
    *data = bson_get_data(document);
    *length = document->len;
    return true;
}

// As cmongoc_cursor_error.
static inline bool cmongoc_change_error(
    mongoc_change_stream_t *stream, bson_error_t *error, const uint8_t **data, uint32_t *length) {
    const bson_t *reply = NULL;
    bool is_error = mongoc_change_stream_error_document(stream, error, &reply);
    *data = reply ? bson_get_data(reply) : NULL;
    *length = reply ? reply->len : 0;
    return is_error;
}

// -1 is failure.
static inline int64_t cmongoc_count(
    mongoc_collection_t *collection, const uint8_t *filter, size_t filter_length, cmongoc_document *out,
    bson_error_t *error) {
    bson_t filter_view, reply;
    int64_t count = mongoc_collection_count_documents(
        collection, cmongoc_borrow(&filter_view, filter, filter_length), NULL, NULL, &reply, error);
    cmongoc_steal(&reply, out);
    return count;
}

// The library's own extended JSON of a document, freed with bson_free; NULL if it isn't one.
static inline char *cmongoc_canonical_json(const uint8_t *data, size_t length) {
    bson_t document_view;
    const bson_t *document = cmongoc_borrow(&document_view, data, length);
    return document ? bson_as_canonical_extended_json(document, NULL) : NULL;
}

static inline bool cmongoc_from_json(const char *json, cmongoc_document *out, bson_error_t *error) {
    bson_t *document = bson_new_from_json((const uint8_t *)json, -1, error);
    if (!document) {
        return false;
    }
    out->data = bson_destroy_with_steal(document, true, &out->length);
    return true;
}

#endif
