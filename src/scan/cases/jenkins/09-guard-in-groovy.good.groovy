// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Build') {
            if (env.CHANGE_ID) {
                sh './gradlew build'
            } else {
                sshagent(['deploy-key']) {
                    sh './gradlew build'
                }
            }
        }
    }
}
