document.addEventListener('click', function (event) {
  var link = event.target.closest ? event.target.closest('a[href^="http"]') : null;
  if (link && link.host !== window.location.host && !confirm('您即将离开“{{ site.name }}”，是否继续？')) { event.preventDefault(); }
});
