// Where on the page a fault is to be seen. Looks only; changes nothing. Answers {box: {x, y, w, h} | null, height}.
({place, words, href}) => {
  const squeezed = text => (text || '').replace(/\s+/g, '');
  const boxOf = element => {
    const r = element.getBoundingClientRect();
    return {x: r.left + scrollX, y: r.top + scrollY, w: r.width, h: r.height};
  };
  const isSeen = element => {
    const r = element.getBoundingClientRect(), style = getComputedStyle(element);
    return r.width > 3 && r.height > 3 && style.visibility !== 'hidden' && r.right + scrollX > 0 && r.bottom + scrollY > 0;
  };
  const height = Math.max(document.documentElement.scrollHeight, document.body ? document.body.scrollHeight : 0, 200);
  const width = document.documentElement.clientWidth;
  const all = selector => [...document.querySelectorAll(selector)].slice(0, 20000);
  const smallest = (selector, wanted) => {
    let best = null, size = Infinity;
    for (const element of all(selector)) {
      const text = squeezed(element.textContent);
      if (text.length < size && text.includes(wanted) && isSeen(element)) { best = element; size = text.length; }
    }
    return best;
  };
  const byWords = () => {
    const wanted = squeezed(words);
    if (!wanted) return null;
    return smallest('a', wanted) || smallest('h1,h2,h3,h4,li,td,p,span,div,dd,dt,label,strong,b', wanted)
      || all('[title],[alt]').find(e => isSeen(e) && squeezed(e.title || e.alt).includes(wanted)) || null;
  };
  const byAddress = () => {
    if (!href) return null;
    const plain = address => address.split('#')[0];
    const leads = element => {
      for (const name of ['href', 'src']) {
        const value = element.getAttribute(name) || (name === 'href' && element.getAttribute('xlink:href'));
        try { if (value && plain(new URL(value, document.baseURI).href) === plain(href)) return true; } catch (e) { /* no address */ }
      }
      return false;
    };
    const found = all('a,area,img,iframe,embed,video').filter(leads);
    for (const element of found) {
      if (isSeen(element)) return element;
      const inner = [...element.children].find(isSeen);
      if (inner) return inner;
    }
    return found.length && found[0].closest('li,td,p,div') && isSeen(found[0].closest('li,td,p,div')) ? found[0].closest('li,td,p,div') : null;
  };
  const listAround = element => {
    let at = element;
    while (at && at !== document.body && at.querySelectorAll('a').length < 3) at = at.parentElement;
    return at && at !== document.body && boxOf(at).h < 1600 ? at : element;
  };
  const foot = () => {
    const named = all('footer,[class*=foot i],[id*=foot i],[class*=bottom i],[id*=bottom i],[class*=copyright i],[class*=copy i]')
      .filter(e => isSeen(e) && boxOf(e).y > height * 0.35 && boxOf(e).w > width * 0.4);
    const lowest = named.sort((a, b) => boxOf(b).y + boxOf(b).h - boxOf(a).y - boxOf(a).h || boxOf(b).h - boxOf(a).h)[0];
    if (lowest && boxOf(lowest).h < 900) return boxOf(lowest);
    const strip = Math.min(220, height);
    return {x: 6, y: height - strip, w: width - 12, h: strip - 6};
  };
  let box = null;
  if (place === 'foot') box = foot();
  else if (place === 'link') { const e = byAddress() || byWords(); box = e && boxOf(e); }
  else if (place === 'words') { const e = byWords(); box = e && boxOf(e); }
  else if (place === 'list') { const e = byWords(); box = e && boxOf(listAround(e)); }
  else if (place === 'heading') {
    const wanted = squeezed(words);
    const e = wanted && (smallest('h1,h2,h3', wanted) || smallest('main *,[class*=content i] *,[class*=main i] *,[class*=list i] *', wanted) || byWords());
    const below = foot();
    const end = e && below.y > boxOf(e).y + 40 ? below.y - 8 : height - 8;
    if (e) { const b = boxOf(e); box = {x: Math.min(b.x, 60), y: b.y, w: width - 2 * Math.min(b.x, 60), h: Math.max(60, Math.min(420, end - b.y))}; }
  }
  return {box, height};
}
