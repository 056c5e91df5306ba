function share(to) { alert('请使用' + (to === 'wx' ? '微信' : '微博') + '的分享功能'); }
function fill(list, page) {
  var size = Number(list.dataset.size);
  fetch('/api/channel/list?code=' + list.dataset.channel + '&page=' + page).then(function (r) { return r.json(); }).then(function (data) {
    list.innerHTML = '';
    data.rows.slice(0, size).forEach(function (row) {
      var item = document.createElement('li'), link = document.createElement('a'), time = document.createElement('time');
      link.href = row.url; link.textContent = row.title; time.textContent = row.date;
      item.appendChild(link); item.appendChild(time); list.appendChild(item);
    });
    var pager = document.querySelector('.js-pager');
    if (list.dataset.pager && pager) {
      pager.innerHTML = '';
      for (let number = 1; number <= data.pages; number++) {
        var button = document.createElement('button');
        button.textContent = number; button.disabled = number === page;
        button.onclick = function () { fill(list, number); };
        pager.appendChild(button);
      }
    }
  });
}
document.querySelectorAll('.js-list').forEach(function (list) { fill(list, 1); });
