#pragma once
/*
 * From plans to compiled calendars: inherits weeks and days from the parent, checks what needs both, and
 * makes the sums of table.h. For the loader alone.
 */
#include "calendar/read.h"

/* Builds plans[index] after its parent. Faults are in the reader; the plan's calendar stays NULL then. */
void calendar_plan_build(struct reader *reader, struct calendar_plan *plans, size_t count, size_t index);
