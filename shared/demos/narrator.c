#include "demos/narrator.h"

void narrator_tell(struct narrator *narrator, enum demo_line line, const char *text)
{
	narrator->print(narrator->context, line, text);
	narrator->held += line == DEMO_HOLDS;
	narrator->failed += line == DEMO_FAILS;
	narrator->skipped += line == DEMO_SKIPS;
}
