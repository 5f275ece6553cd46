#include "path/describe.h"

#include "path/describe_parts.h"

static const char about[] =
    "Tiếp nhận, giải quyết và trả kết quả thủ tục hành chính tại Bộ phận Một cửa. Bản mô tả này được lập từ "
    "chính "
    "các bảng mà máy chủ tuân theo.\n\n"
    "Thời điểm viết theo RFC 3339 với múi giờ +07:00; tiền là số nguyên đồng; chữ ở dạng Unicode dựng sẵn "
    "(NFC). "
    "Trường và tham số lạ bị từ chối (422). HEAD được trả lời như GET, không có nội dung.\n\n"
    "Trước khi biết yêu cầu thuộc địa chỉ nào, máy chủ có thể từ chối: 400 bad-request, 404 not-found, 405 "
    "method-not-allowed (có Allow), 408 request-timeout, 414 target-too-long, 417 expectation-failed, 431 "
    "head-too-large, 501 not-implemented, 505 http-version; cùng dạng application/problem+json.";

static void put_info(struct json_out *out)
{
    json_key(out, "info");
    json_open_object(out);
    json_put_string(out, "title", "motcua: Bộ phận Một cửa");
    json_put_string(out, "version", MOTCUA_VERSION);
    json_put_string(out, "description", about);
    json_close_object(out);
    json_key(out, "servers");
    json_open_array(out);
    json_open_object(out);
    json_put_string(out, "url", "/");
    json_put_string(out, "description", "Chính máy chủ trả lời bản mô tả này");
    json_close_object(out);
    json_close_array(out);
}

static void put_tags(struct json_out *out)
{
    json_key(out, "tags");
    json_open_array(out);
    for (size_t i = 0; i < room_count; i++) {
        json_open_object(out);
        json_put_string(out, "name", rooms[i].name);
        json_close_object(out);
    }
    json_close_array(out);
}

static const char *const method_keys[] = {
    [NET_GET] = "get",     [NET_HEAD] = "head",     [NET_POST] = "post",       [NET_PUT] = "put",
    [NET_PATCH] = "patch", [NET_DELETE] = "delete", [NET_OPTIONS] = "options",
};

/* Routes of one path may stand in different rooms: they are told together, where the first of them stands. */
static bool is_told(const struct route *route)
{
    for (size_t room = 0; room < room_count; room++)
        for (size_t i = 0; i < rooms[room].route_count; i++)
            if (text_equal(text_of(rooms[room].routes[i].path), text_of(route->path)))
                return &rooms[room].routes[i] != route;
    unreachable();
}

static void put_path(struct json_out *out, const char *path)
{
    json_key(out, path);
    json_open_object(out);
    for (size_t room = 0; room < room_count; room++) {
        for (size_t i = 0; i < rooms[room].route_count; i++) {
            const struct route *route = &rooms[room].routes[i];

            if (!text_equal(text_of(route->path), text_of(path)))
                continue;
            json_key(out, method_keys[route->method]);
            describe_route(out, rooms[room].name, route);
        }
    }
    json_close_object(out);
}

static void put_paths(struct json_out *out)
{
    json_key(out, "paths");
    json_open_object(out);
    for (size_t room = 0; room < room_count; room++)
        for (size_t i = 0; i < rooms[room].route_count; i++)
            if (!is_told(&rooms[room].routes[i]))
                put_path(out, rooms[room].routes[i].path);
    json_close_object(out);
}

static void put_components(struct json_out *out)
{
    json_key(out, "components");
    json_open_object(out);
    json_put_raw(out, "schemas", describe_schemas());
    json_put_raw(out, "securitySchemes",
                 TEXT("{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
                      "\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"motcua_session\"}}"));
    json_close_object(out);
}

struct text describe_json(struct arena *arena)
{
    struct json_out out = json_out_begin(arena);

    json_open_object(&out);
    json_put_string(&out, "openapi", "3.1.0");
    put_info(&out);
    put_tags(&out);
    put_paths(&out);
    put_components(&out);
    json_close_object(&out);
    return json_out_end(&out);
}
