// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Report') {
            sh 'git log -1 --pretty=%s | curl -d @- https://chat.example.com/hook'
        }
    }
}
