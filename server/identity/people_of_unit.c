/* The people of a unit: whom a dossier may be given to, whom a role may be lent to. Names of officials are no
 * secret, what lies with them is their unit's business: who works there or above may ask. */
#include "identity/identity.h"

struct people_query {
    struct text role;
};

static const char *const role_choices[] = {"receiver", "return_clerk",  "handler", "dept_head",
                                           "leader",   "records_clerk", NULL};

static const struct field people_query_fields[] = {
    FIELD_OF(struct people_query, role, FIELD_CHOICE, .choices = role_choices),
    {.kind = FIELD_END},
};

static enum act people_shown(struct req *req, const struct db_answer *answer)
{
    if (!db_bool(answer, 0, COL_PEOPLE_OF_IS_SIGNED_IN))
        return refuse_not_signed_in(req);
    if (!db_bool(answer, 0, COL_PEOPLE_OF_IS_AGENCY))
        return refuse(req, REFUSE_NO_SUCH_AGENCY);
    if (!db_bool(answer, 0, COL_PEOPLE_OF_IS_ALLOWED))
        return refuse_with(req, REFUSE_NOT_ALLOWED, "Chỉ xem được người của đơn vị mình và đơn vị cấp dưới");
    db_keep(answer, req->arena);
    return reply_json(req, 200, db_text(answer, 0, COL_PEOPLE_OF_BODY));
}

static enum act people_ask(struct req *req)
{
    const struct people_query *query = req->query;

    return ask(req, people_shown, SQL_PEOPLE_OF, param_text(req, req->asker.session_hex),
               param_text(req, req->ids[0]), param_text(req, query->role));
}

const struct route unit_people_routes[1] = {
    {NET_GET, "/api/v1/agencies/{code}/people", WHO_STAFF, 0, people_query_fields,
     sizeof(struct people_query), NULL, 0, people_ask, "agency_people",
     "Người của một đơn vị và số việc mỗi người đang giữ, ít việc trước", "200 PeopleList",
     "no-such-agency not-allowed"},
};
