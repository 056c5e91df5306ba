// What of a page's look is measured. Each part is a function of its own, called by crawler/fetch/display.py.
({
  // axe-core's verdict, cut down to what is kept: `tags` names the sets of rules, `most` how many examples of each.
  barriers: async ({ tags, most, longest }) => {
    const told = await axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
      iframes: false,
      preload: false,
    });
    return {
      engine: `axe-core ${told.testEngine.version}`,
      found: told.violations.map((rule) => ({
        rule: rule.id,
        impact: rule.impact || "",
        count: rule.nodes.length,
        examples: rule.nodes.slice(0, most).map((node) => node.html.slice(0, longest)),
      })),
    };
  },
  // The words of whatever can be clicked, as a reader sees or is told them.
  controls: ({ most, longest }) => {
    const words = new Set();
    const chosen = "a, area, button, input[type=button], input[type=image], [role=button], [onclick], [title], img[alt]";
    for (const node of document.querySelectorAll(chosen)) {
      for (const said of [node.innerText, node.value, node.title, node.alt, node.getAttribute("aria-label")]) {
        const text = typeof said === "string" ? said.replace(/\s+/g, "") : "";
        if (text && text.length <= longest) words.add(text);
      }
      if (words.size >= most) break;
    }
    return [...words];
  },
  // The content of the viewport's meta element, null where there is none.
  viewport: () => {
    const asked = document.querySelector("meta[name=viewport i]");
    return asked ? asked.content : null;
  },
  // How far the page can be scrolled sideways, and what stands out beyond `width`. What a page cuts off is not scrolled.
  width: ({ width, most, longest }) => {
    const root = document.documentElement;
    const of = (node) => (node ? getComputedStyle(node).overflowX : "visible");
    const governing = of(root) === "visible" ? of(document.body) : of(root);
    const cut = governing === "hidden" || governing === "clip";
    const page = Math.max(root.scrollWidth, document.body ? document.body.scrollWidth : 0);
    const wide = [];
    if (!cut && page > width && document.body) {
      for (const node of document.body.querySelectorAll("*")) {
        const box = node.getBoundingClientRect();
        if (box.width && box.right + scrollX > width + 1) {
          const inner = [...node.children].some((child) => child.getBoundingClientRect().right + scrollX > width + 1);
          if (!inner) wide.push(node.cloneNode(false).outerHTML.slice(0, longest));
        }
        if (wide.length >= most) break;
      }
    }
    return { page: cut ? Math.min(page, width) : page, wide };
  },
})
