#include "af_unix/abstract.h"

bool abstract_names(void)
{
	return true;
}
