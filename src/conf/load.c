/* SPDX-License-Identifier: MIT
 *
 * A directory of files -> one configuration: walks the folders, hands every
 * section to the function of its kind, then settles what crosses files (names,
 * double ids, sources, lints, the hash). In: a directory; out: struct config, or
 * diagnostics only.
 */
#include "conf/load.h"

#include "base/buf.h"
#include "base/file.h"

#define SCRATCH_MAX ((size_t)256 << 20) /* bytes for taking one file apart */
#define SECTION_MAX ((size_t)64 << 10)	/* bytes of a section's struct and what stands around it */
#define SAMPLES	    "samples"		/* folder of samples beside recipes */

/* A section with an id, to find those given twice. */
struct named {
	const struct schema *schema;
	struct str id;
	struct place at;
	size_t order;
};

struct loader {
	struct reading r;
	struct config *c;
	struct settings_draft settings;
	VEC(struct draft *) drafts;
	VEC(struct recipe *) recipes; /* of the files read so far */
	VEC(struct named) names;
	struct strv texts; /* of the sections that the hash covers */
	struct str dir;	   /* of the recipes being read, for samples */
	bool from_catalogue, too_large;
	size_t files;
	bool overlaid;		 /* the edited file was read; what it holds replaces what the folders hold */
	size_t overlay_names;	 /* of `names`: those of the edited file */
	size_t overlay_synonyms; /* of the configuration's synonyms: those of the edited file */
};

typedef void section_load(struct loader *l, const struct lexed *f, const struct section *s);
static section_load load_settings, load_profile, load_rules, load_synonyms, load_test, load_source;

static const struct {
	const struct schema *schema;
	section_load *load;
	bool hashed;
} loads[] = {
	{&settings_schema, load_settings, false},
	{&profile_schema, load_profile, true},
	{&rules_schema, load_rules, true},
	{&synonyms_schema, load_synonyms, true},
	{&test_schema, load_test, false},
	{&source_schema, load_source, false},
};

static const struct folder {
	const char *dir;
	const char *kinds; /* of sections that belong there; NULL = all */
} folders[] = {
	{"profiles.d", "profile rules synonyms test"},
	{"rules.d", "profile rules synonyms test"},
	{"feeds.d", "source"},
};
static const struct folder edited_file = {"", "profile rules synonyms test"};
static const struct folder main_file = {"", "fundwatch"}, any_file = {"", NULL}, recipe_file = {"", "source"};

/* ---- sections ------------------------------------------------------------------- */

static void load_settings(struct loader *l, const struct lexed *f, const struct section *s)
{
	if (!l->settings.given)
		settings_read(&l->r, f, s, &l->settings);
}

static void load_profile(struct loader *l, const struct lexed *f, const struct section *s)
{
	struct draft *d = arena_make(l->r.a, struct draft);
	profile_read(&l->r, f, s, d);
	*vec_push(l->r.a, &l->drafts) = d;
}

static void load_rules(struct loader *l, const struct lexed *f, const struct section *s)
{
	struct rule_set set = {0};
	rule_set_read(&l->r, f, s, &set);
	*vec_push(l->r.a, &l->c->rule_sets) = set;
}

static void load_synonyms(struct loader *l, const struct lexed *f, const struct section *s)
{
	synonyms_read(&l->r, f, s, l->overlaid ? l->overlay_synonyms : 0, l->c);
}

static void load_test(struct loader *l, const struct lexed *f, const struct section *s)
{
	struct rule_test t = {0};
	rule_test_read(&l->r, f, s, &t);
	*vec_push(l->r.a, &l->c->tests) = t;
}

static void load_source(struct loader *l, const struct lexed *f, const struct section *s)
{
	struct recipe *recipe = arena_make(l->r.a, struct recipe);
	recipe_read(&l->r, f, s, recipe);
	recipe->from_catalogue = l->from_catalogue;
	recipe->dir = l->dir;
	if (recipe->detail != NULL)
		recipe->detail->dir = l->dir;
	*vec_push(l->r.a, &l->recipes) = recipe;
}

static bool word_in(const char *words, const char *word)
{
	struct str rest = str_of(words), next;
	while ((next = str_word(rest, &rest)).n > 0)
		if (str_eq(next, str_of(word)))
			return true;
	return false;
}

/* A section by its keys and values alone: remarks and spaces don't count, nor do
 * keys that decide nothing about calls. */
static struct str section_text(
	struct arena *scratch, struct arena *a, const struct lexed *f, const struct section *s)
{
	struct buf b = buf_init(CONF_FILE_MAX * 4);
	buf_printf(&b, "[%.*s%s%.*s]\n", STRF(s->kind), s->id.n > 0 ? " " : "", STRF(s->id));
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &f->entries.v[s->first + i];
		if (word_in("email note consent", str_c(scratch, e->key)))
			continue;
		struct str value = entry_value(scratch, f, e, VALUE_PLAIN).text;
		buf_add(&b, e->key);
		buf_addz(&b, ": ");
		buf_add(&b, value);
		buf_addc(&b, '\n');
	}
	return buf_take(&b, a);
}

/* Whether this kind of section belongs into this folder; else says where it does. */
static bool belongs(
	struct loader *l, const struct folder *folder, const struct schema *schema, const struct section *s)
{
	if (folder->kinds == NULL || word_in(folder->kinds, schema->kind))
		return true;
	const char *hint = "it belongs into fundwatch.conf";
	for (size_t i = 0; i < COUNT(folders); i++)
		if (word_in(folders[i].kinds, schema->kind)) {
			hint = arena_printf(l->r.a, "it belongs into %s", folders[i].dir);
			break;
		}
	diag_add(l->r.d, DIAG_ERROR, s->at, hint, "a [%s] section has no place in this file", schema->kind);
	return false;
}

/* Whether the edited file that is tried has this section too. */
static bool replaced(const struct loader *l, const struct schema *schema, struct str id)
{
	for (size_t i = 0; l->overlaid && i < l->overlay_names; i++)
		if (l->names.v[i].schema == schema && str_eq(l->names.v[i].id, id))
			return true;
	return false;
}

static void load_section(struct loader *l, struct arena *scratch, const struct folder *folder,
	const struct lexed *f, const struct section *s)
{
	const struct schema *schema = schema_of(s->kind);
	if (schema == NULL) {
		schema_unknown(l->r.d, s);
		return;
	}
	if (!belongs(l, folder, schema, s) || replaced(l, schema, s->id))
		return;
	/* A bad name is no reason to keep quiet about the rest of the section. */
	(void)section_id_ok(l->r.d, schema, s);
	if (schema->id != ID_TITLE && schema != &synonyms_schema)
		*vec_push(l->r.a, &l->names) = (struct named){schema, s->id, s->at, l->names.n};
	for (size_t i = 0; i < COUNT(loads); i++) {
		if (loads[i].schema != schema)
			continue;
		loads[i].load(l, f, s);
		if (loads[i].hashed)
			*vec_push(l->r.a, &l->texts) = section_text(scratch, l->r.a, f, s);
	}
}

/* ---- files ------------------------------------------------------------------------- */

/* Whether the arena has room for what `bytes` of files can become. */
static bool room_left(struct loader *l, struct str shown, size_t bytes)
{
	if (arena_room(l->r.a) >= SECTION_MAX + bytes * CONF_FILE_COST && l->files < CONF_FILES_MAX)
		return true;
	if (!l->too_large)
		diag_add(l->r.d, DIAG_ERROR, (struct place){.file = shown}, NULL,
			"the configuration is too large: this file and those after it are not read");
	l->too_large = true;
	return false;
}

static bool read_bytes(struct loader *l, const char *path, struct str shown, struct str *bytes)
{
	struct error e;
	struct place at = {.file = shown};
	switch (file_read(l->r.a, path, CONF_FILE_MAX, bytes, &e)) {
	case ERR_OK:
		return true;
	case ERR_LIMIT:
		diag_add(l->r.d, DIAG_ERROR, at, NULL, "this file is larger than 1 MB; split it");
		return false;
	case ERR_TEMPORARY:
	case ERR_PERMANENT:
	case ERR_INPUT:
	case ERR_CONFIG:
	case ERR_INTERNAL:
		break;
	}
	const char *why = strrchr(e.text, ':');
	diag_add(l->r.d, DIAG_ERROR, at, NULL, "this file can't be read:%s", why == NULL ? "" : why + 1);
	return false;
}

/* Files out of Word, Excel or Notepad work; what was read otherwise than it is
 * written is said once a file. Recipes keep every character. */
static void note_pasted(struct loader *l, const struct lexed *f)
{
	static const struct {
		enum odd odd;
		const char *name;
	} names[] = {
		{ODD_QUOTES, "curly quotes"},
		{ODD_SPACES, "no-break spaces"},
		{ODD_DASHES, "dashes in place of a minus"},
		{ODD_MARK, "a byte order mark"},
		{ODD_LINE_ENDS, "Windows line ends"},
	};
	struct strv found = {0};
	for (size_t i = 0; i < COUNT(names); i++)
		if ((f->odd & names[i].odd) != 0)
			*vec_push(l->r.a, &found) = str_of(names[i].name);
	for (size_t i = 0; i < f->sections.n; i++)
		if (schema_of(f->sections.v[i].kind) == &source_schema)
			found.n = 0;
	if (found.n > 0)
		diag_add(l->r.d, DIAG_NOTE, f->odd_at, NULL, "read as if typed plainly: %.*s",
			STRF(strv_join(l->r.a, &found, ", ")));
}

static void load_bytes(struct loader *l, struct str bytes, struct str shown, const struct folder *folder)
{
	struct lexed f;
	if (!room_left(l, shown, bytes.n))
		return;
	l->files++;
	struct arena *scratch = arena_new(SCRATCH_MAX);
	lex_file(l->r.a, scratch, shown, bytes, l->r.d, &f);
	note_pasted(l, &f);
	for (size_t i = 0; i < f.sections.n && room_left(l, shown, bytes.n); i++)
		load_section(l, scratch, folder, &f, &f.sections.v[i]);
	arena_free(scratch);
}

static void load_file(struct loader *l, const char *path, struct str shown, const struct folder *folder)
{
	struct str bytes;
	if (read_bytes(l, path, shown, &bytes))
		load_bytes(l, bytes, shown, folder);
}

/* What editors and package managers leave behind. */
static bool litter(struct str name)
{
	return str_starts(name, STR(".")) || str_ends(name, STR("~")) || str_ends(name, STR(".swp")) ||
	       str_ends(name, STR(".bak")) || str_find(name, STR(".dpkg-")) != SIZE_MAX;
}

static void load_folder(struct loader *l, const struct folder *folder)
{
	struct strv names;
	struct error e;
	const char *dir = arena_printf(l->r.a, "%.*s/%s", STRF(l->c->dir), folder->dir);
	if (file_list(l->r.a, dir, &names, &e) != ERR_OK) {
		diag_add(l->r.d, DIAG_ERROR, (struct place){.file = str_of(folder->dir)}, NULL, "%s", e.text);
		return;
	}
	l->dir = str_of(dir);
	for (size_t i = 0; i < names.n && !l->too_large; i++) {
		struct str name = names.v[i];
		struct place at = {.file = str_of(arena_printf(l->r.a, "%s/%.*s", folder->dir, STRF(name)))};
		if (str_eq(name, STR(SAMPLES)))
			continue;
		if (litter(name))
			diag_add(l->r.d, DIAG_NOTE, at, NULL,
				"skipped: a copy that an editor or an update left");
		else if (!str_ends(name, STR(".conf")))
			diag_add(l->r.d, DIAG_WARNING, at, NULL, "not read: its name does not end in .conf");
		else
			load_file(l, arena_printf(l->r.a, "%s/%.*s", dir, STRF(name)), at.file, folder);
	}
}

/* ---- sources ------------------------------------------------------------------------- */

static struct recipe *find_recipe(const struct loader *l, struct str name)
{
	for (size_t i = 0; i < l->recipes.n; i++)
		if (str_eq(l->recipes.v[i]->name, name))
			return l->recipes.v[i];
	return NULL;
}

static const char *catalogue_file(struct loader *l, struct str name)
{
	return arena_printf(l->r.a, "%.*s/%.*s.conf", STRF(l->settings.settings.catalogue), STRF(name));
}

/* The names of all recipes there are, for "did you mean". */
static const char *suggest_recipe(struct loader *l, struct str name)
{
	struct strv files = {0};
	struct error e;
	if (file_list(l->r.a, str_c(l->r.a, l->settings.settings.catalogue), &files, &e) != ERR_OK)
		files.n = 0;
	size_t n = 0;
	const char **names = arena_make_n(l->r.a, files.n + l->recipes.n + 1, const char *);
	for (size_t i = 0; i < files.n; i++)
		if (str_ends(files.v[i], STR(".conf")))
			names[n++] = str_c(l->r.a, str_sub(files.v[i], 0, files.v[i].n - strlen(".conf")));
	for (size_t i = 0; i < l->recipes.n; i++)
		names[n++] = str_c(l->r.a, l->recipes.v[i]->name);
	return diag_suggest(l->r.d, name, names, n);
}

static struct recipe *catalogue_recipe(struct loader *l, struct str name)
{
	const char *path = catalogue_file(l, name);
	l->from_catalogue = true;
	l->dir = l->settings.settings.catalogue;
	size_t errors = l->r.d->errors;
	load_file(l, path, str_of(path), &recipe_file);
	struct recipe *found = find_recipe(l, name);
	if (found == NULL && l->r.d->errors == errors)
		diag_add(l->r.d, DIAG_ERROR, (struct place){.file = str_of(path)}, NULL,
			"this file has no section [source %.*s]", STRF(name));
	return found;
}

static void note_missing_catalogue(struct loader *l, const struct strv *unread)
{
	const struct settings_draft *s = &l->settings;
	struct str names = strv_join(l->r.a, unread, ", ");
	struct place at =
		s->catalogue.text.n > 0 ? value_place(&s->catalogue, 0, s->catalogue.text.n) : s->at;
	diag_add(l->r.d, DIAG_NOTE, at, NULL, "the catalogue %.*s does not exist%s%.*s",
		STRF(s->settings.catalogue), names.n > 0 ? "; without it these sources are not polled: " : "",
		STRF(names));
}

static void note_sample(struct loader *l, const struct recipe *recipe)
{
	struct strv files = {0};
	struct error e;
	const char *dir = arena_printf(l->r.a, "%.*s/" SAMPLES, STRF(recipe->dir));
	struct str prefix = str_of(arena_printf(l->r.a, "%.*s.", STRF(recipe->name)));
	if (file_list(l->r.a, dir, &files, &e) == ERR_OK)
		for (size_t i = 0; i < files.n; i++)
			if (str_starts(files.v[i], prefix))
				return;
	diag_add(l->r.d, DIAG_NOTE, recipe->at, NULL, "source '%.*s' has no sample in %s", STRF(recipe->name),
		dir);
}

static void use_recipe(struct loader *l, const struct recipe *recipe)
{
	if (!recipe->from_catalogue && file_exists(catalogue_file(l, recipe->name)))
		diag_add(l->r.d, DIAG_NOTE, recipe->at, NULL, "this recipe replaces the catalogue's '%.*s'",
			STRF(recipe->name));
	note_sample(l, recipe);
	*vec_push(l->r.a, &l->c->recipes) = *recipe;
}

static void load_sources(struct loader *l)
{
	const struct settings *s = &l->settings.settings;
	bool catalogue = file_exists(str_c(l->r.a, s->catalogue));
	struct strv unread = {0};
	size_t own = s->sources.n == 0 ? l->recipes.n : 0;
	for (size_t i = 0; i < own && room_left(l, l->recipes.v[i]->at.file,
					      own * sizeof(struct recipe) / CONF_FILE_COST);
		i++)
		use_recipe(l, l->recipes.v[i]);
	for (size_t i = 0; i < s->sources.n; i++) {
		struct str name = s->sources.v[i];
		struct recipe *recipe = find_recipe(l, name);
		if (!name_valid(name))
			continue;
		if (recipe == NULL && !catalogue)
			*vec_push(l->r.a, &unread) = name;
		else if (recipe == NULL && !file_exists(catalogue_file(l, name)))
			value_error(&l->r, &l->settings.sources, name, suggest_recipe(l, name),
				"there is no source called '%.*s' in feeds.d or in the catalogue",
				STRF(name));
		else if (recipe == NULL)
			recipe = catalogue_recipe(l, name);
		if (recipe != NULL)
			use_recipe(l, recipe);
	}
	if (!catalogue)
		note_missing_catalogue(l, &unread);
}

/* ---- across files --------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int c = strcmp(x->schema->kind, y->schema->kind);
	if (c == 0)
		c = str_cmp(x->id, y->id);
	return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

static void check_names(struct loader *l)
{
	if (l->names.n > 0)
		qsort(l->names.v, l->names.n, sizeof(*l->names.v), by_name);
	for (size_t i = 1; i < l->names.n; i++) {
		const struct named *a = &l->names.v[i - 1], *b = &l->names.v[i];
		if (a->schema != b->schema || !str_eq(a->id, b->id))
			continue;
		diag_add(l->r.d, DIAG_ERROR, b->at, "keep one of them, or give one another name",
			"[%s%s%.*s] is given twice, also in %.*s:%d", b->schema->kind, b->id.n > 0 ? " " : "",
			STRF(b->id), STRF(a->at.file), a->at.line);
	}
}

/* An address and whose it is. */
struct addressee {
	struct str address, organisation, profile; /* the address in capitals */
	struct place at;
	size_t order;
};

static int by_address(const void *a, const void *b)
{
	const struct addressee *x = a, *y = b;
	int c = str_cmp(x->address, y->address);
	return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

static void lint_addresses(struct loader *l)
{
	VEC(struct addressee) all = {0};
	for (size_t i = 0; i < l->drafts.n && arena_room(l->r.a) > SECTION_MAX + 4 * all.n * sizeof(*all.v);
		i++) {
		const struct draft *d = l->drafts.v[i];
		for (size_t j = 0; j < d->profile.contacts.n; j++) {
			struct str address = d->profile.contacts.v[j].address;
			struct place at =
				value_place(&d->email, (size_t)(address.p - d->email.text.p), address.n);
			*vec_push(l->r.a, &all) = (struct addressee){
				upper(l->r.a, address), d->profile.organisation, d->profile.id, at, all.n};
		}
	}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_address);
	for (size_t i = 1; i < all.n; i++) {
		const struct addressee *a = &all.v[i - 1], *b = &all.v[i];
		if (str_eq(a->address, b->address) && !str_eq(a->organisation, b->organisation))
			diag_add(l->r.d, DIAG_WARNING, b->at,
				"give both the same 'organisation:', or other addresses",
				"this address also gets the mail of '%.*s', which is another organisation",
				STRF(a->profile));
	}
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A renamed profile and one of its old name would both claim what was sent. */
static void check_renamed(struct loader *l)
{
	for (size_t i = 0; i < l->c->profiles.n; i++) {
		const struct profile *p = &l->c->profiles.v[i];
		if (p->was.n > 0 && conf_profile(l->c, p->was) != NULL)
			diag_add(l->r.d, DIAG_ERROR, p->at, "remove the old one, or the line 'was:'",
				"profile '%.*s' was '%.*s', but there still is a profile of that name",
				STRF(p->id), STRF(p->was));
	}
}

/* One mailbox, one spelling: nobody tells Desk@ from desk@ (RFC 5321 section 2.4 lets
 * a host do it and advises against). Last, for faults point into the text as written. */
static void fold_addresses(struct loader *l)
{
	struct config *c = l->c;
	for (size_t i = 0; i < c->profiles.n; i++)
		for (size_t k = 0; k < c->profiles.v[i].contacts.n; k++) {
			struct contact *to = &c->profiles.v[i].contacts.v[k];
			to->address = str_lower(l->r.a, to->address);
		}
	for (size_t i = 0; i < c->settings.staff.n; i++)
		c->settings.staff.v[i] = str_lower(l->r.a, c->settings.staff.v[i]);
}

static void settle(struct loader *l)
{
	struct config *c = l->c;
	check_names(l);
	if (!l->settings.given)
		return;
	c->settings = l->settings.settings;
	for (size_t i = 0;
		i < l->drafts.n && room_left(l, l->drafts.v[i]->profile.at.file, l->drafts.v[i]->use.text.n);
		i++)
		profile_settle(&l->r, c, l->drafts.v[i]);
	size_t profiles = l->drafts.n * sizeof(struct profile);
	if (room_left(l, STR("profiles.d"), 4 * profiles / CONF_FILE_COST))
		for (size_t i = 0; i < l->drafts.n; i++)
			*vec_push(l->r.a, &c->profiles) = l->drafts.v[i]->profile;
	for (size_t i = 0; i < c->tests.n; i++)
		rule_test_settle(&l->r, c, &c->tests.v[i]);
	check_renamed(l);
	lint_addresses(l);
	fold_addresses(l);
	load_sources(l);
	if (l->texts.n > 0)
		qsort(l->texts.v, l->texts.n, sizeof(*l->texts.v), by_bytes);
	c->rules_text = strv_join(l->r.a, &l->texts, "\n");
	c->hash = sha256_hex(l->r.a, &c->rules_text, 1);
}

/* ---- entry points ------------------------------------------------------------------------ */

/* The edited file: read before the folders, so that what it holds is known there. */
static void load_overlay(struct loader *l, const char *path)
{
	load_file(l, path, str_dup(l->r.a, str_of(path)), &edited_file);
	l->overlaid = true;
	l->overlay_names = l->names.n;
	l->overlay_synonyms = l->c->synonyms.n;
}

enum err conf_load(const char *dir, struct diags *d, struct config **out)
{
	return conf_load_with(dir, NULL, d, out);
}

enum err conf_load_with(const char *dir, const char *edited, struct diags *d, struct config **out)
{
	struct arena *a = arena_new(CONF_ARENA_MAX);
	struct str name = str_of(dir);
	while (name.n > 1 && str_ends(name, STR("/")))
		name.n--;
	struct config *c = arena_make(a, struct config);
	c->a = a;
	c->dir = str_dup(a, name);
	struct loader l = {.r = {.a = a, .d = d, .dir = c->dir}, .c = c};
	const char *path = arena_printf(a, "%.*s/fundwatch.conf", STRF(c->dir));
	struct place at = {.file = STR("fundwatch.conf")};
	if (!file_exists(path))
		diag_add(d, DIAG_ERROR, at, "a configuration is a directory; name it with -c",
			"there is no such file in %.*s", STRF(c->dir));
	else
		load_file(&l, path, at.file, &main_file);
	if (edited != NULL)
		load_overlay(&l, edited);
	for (size_t i = 0; i < COUNT(folders); i++)
		load_folder(&l, &folders[i]);
	if (file_exists(path) && !l.settings.given && d->errors == 0)
		diag_add(d, DIAG_ERROR, at, "it starts with the line [fundwatch]",
			"this file has no [fundwatch] section");
	settle(&l);
	*out = c;
	return d->errors > 0 ? ERR_CONFIG : ERR_OK;
}

void conf_free(struct config *c)
{
	if (c != NULL)
		arena_free(c->a);
}

void conf_freep(struct config **c)
{
	conf_free(*c);
	*c = NULL;
}

const struct recipe *conf_recipe_file(struct arena *a, const char *path, struct diags *d)
{
	struct config c = {.a = a};
	struct loader l = {.r = {.a = a, .d = d}, .c = &c};
	const char *slash = strrchr(path, '/');
	size_t errors = d->errors;
	l.dir = slash == NULL ? STR(".") : str_dup(a, (struct str){path, (size_t)(slash - path)});
	load_file(&l, path, str_dup(a, str_of(path)), &recipe_file);
	if (d->errors == errors && l.recipes.n != 1)
		diag_add(d, DIAG_ERROR, (struct place){.file = str_of(path)}, NULL,
			"expected one [source NAME] section in this file");
	return d->errors == errors ? l.recipes.v[0] : NULL;
}

struct config *conf_file(const char *path, struct diags *d)
{
	struct arena *a = arena_new(CONF_ARENA_MAX);
	struct config *c = arena_make(a, struct config);
	c->a = a;
	struct loader l = {.r = {.a = a, .d = d}, .c = c};
	load_file(&l, path, str_of(path), &any_file);
	check_names(&l);
	for (size_t i = 0; i < l.drafts.n && arena_room(a) > SECTION_MAX + 4 * i * sizeof(struct profile); i++)
		*vec_push(a, &c->profiles) = l.drafts.v[i]->profile;
	return c;
}

size_t conf_check_text(struct str file, struct str bytes, struct diags *d)
{
	struct arena *a = arena_new(CONF_ARENA_MAX);
	struct config c = {.a = a};
	struct loader l = {.r = {.a = a, .d = d}, .c = &c};
	size_t errors = d->errors;
	load_bytes(&l, bytes, file, &any_file);
	check_names(&l);
	arena_free(a);
	return d->errors - errors;
}

const struct profile *conf_profile(const struct config *c, struct str id)
{
	for (size_t i = 0; i < c->profiles.n; i++)
		if (str_eq(c->profiles.v[i].id, id))
			return &c->profiles.v[i];
	return NULL;
}

const struct recipe *conf_recipe(const struct config *c, struct str name)
{
	for (size_t i = 0; i < c->recipes.n; i++)
		if (str_eq(c->recipes.v[i].name, name))
			return &c->recipes.v[i];
	return NULL;
}
