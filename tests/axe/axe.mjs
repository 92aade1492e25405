// SPDX-License-Identifier: MIT
//
// Each mail in DIR (*.html) in Chromium at 360 px, light and dark: axe-core must find
// nothing, nothing may be wider than the screen, links of one tap are 44 px high.
// Leaves NAME-light.png and NAME-dark.png beside them. Speaks TAP.
//	node axe.mjs DIR
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
const require = createRequire(path.join(process.cwd(), "build/axe/"));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const dir = process.argv[2];
const mails = fs.readdirSync(dir).filter((f) => f.endsWith(".html")).sort();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
let n = 0, bad = 0;

function verdict(name, faults) {
	console.log(`${faults.length ? "not ok" : "ok"} ${++n} - ${name}`);
	for (const f of faults) console.log(`# ${f}`);
	bad += faults.length > 0;
}

for (const scheme of ["light", "dark"]) {
	const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: scheme,
		offline: true });
	for (const file of mails) {
		const page = await context.newPage();
		await page.setContent(fs.readFileSync(path.join(dir, file), "utf8"));
		const wide = await page.evaluate(() => document.documentElement.scrollWidth);
		const low = await page.evaluate(() => [...document.querySelectorAll("a")]
			.filter((a) => a.getBoundingClientRect().height < 44).map((a) => a.textContent));
		await page.evaluate(axe);
		const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
		verdict(`${path.basename(file, ".html")}, ${scheme}`, [
			...(wide > 360 ? [`${wide} px wide`] : []),
			...low.map((t) => `a link of less than 44 px: ${t}`),
			...violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((x) => x.target + " " + x.failureSummary).slice(0, 3).join(" | ").replace(/\s+/g, " ")}`),
		]);
		await page.screenshot({ path: path.join(dir, file.replace(".html", `-${scheme}.png`)),
			fullPage: !file.startsWith("sixty") });
		await page.close();
	}
	await context.close();
}
await browser.close();
console.log(`1..${n}`);
process.exit(bad ? 1 : 0);
